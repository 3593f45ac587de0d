/** Bytes `offset` to `offset + length - 1`. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** If-None-Match against a strong ETag (RFC 9110, 13.1.2): a list or `*`, compared weakly. */
export function isUnchanged(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match');
  if (known === null) return false;
  return known.trim() === '*' || (known.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => tag.replace(/^W\//, '') === etag);
}

/**
 * The part that is asked for (RFC 9110, 14); `undefined` for all of it. That is also the answer to several ranges and
 * to what is no range of bytes, as the standard allows, and where If-Range names other bytes than these.
 */
export function requestedRange(headers: Headers, etag: string, size: number): ByteRange | 'none' | undefined {
  const condition = headers.get('if-range');
  // strong comparison; a date names nothing here, as no answer carries one
  if (condition !== null && condition.trim() !== etag) return undefined;
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(headers.get('range') ?? '') ?? [];
  if (first === undefined || last === undefined) return undefined;
  if (first === '') return last === '' ? undefined : suffix(Number(last), size);
  const offset = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < offset) return undefined;
  return offset < size ? { offset, length: end - offset + 1 } : 'none';
}

/** The last bytes: `bytes=-500`. */
function suffix(wanted: number, size: number): ByteRange | 'none' {
  const length = Math.min(wanted, size);
  return length > 0 ? { offset: size - length, length } : 'none';
}
