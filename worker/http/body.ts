import { joined } from '../../models/files/bytes.ts';

/** The start of a body, and whether that is all of it. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly complete: boolean;
}

/**
 * Bytes beyond the limit that are read and thrown away: a sender that is cut off while it sends may never see the
 * answer that says why. A photograph fits; whoever sends more is cut off.
 */
const DISCARDED_BYTES = 16 * 2 ** 20;

/**
 * Keeps at most `limit` bytes, whatever Content-Length says, and no memory for those that have not come. Where
 * Content-Length admits to more, only the first `enough` are kept.
 */
export async function readBody(request: Request, limit: number, enough = 0): Promise<Body> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  // HTTP itself ends a body at its Content-Length: most bodies are small, and read in one go
  if (announced > 0 && announced <= limit)
    return { bytes: new Uint8Array(await request.arrayBuffer()), complete: true };
  const most = announced > limit ? Math.min(enough, limit) : limit;
  const reader = request.body?.getReader();
  if (!reader) return { bytes: new Uint8Array(0), complete: true };
  const parts: Uint8Array[] = [];
  let received = 0;
  while (received <= most + DISCARDED_BYTES) {
    const { done, value } = await reader.read();
    if (done) return { bytes: joined(parts), complete: received <= most };
    if (received < most) parts.push(value.subarray(0, most - received));
    received += value.length;
  }
  await reader.cancel();
  return { bytes: joined(parts), complete: false };
}
