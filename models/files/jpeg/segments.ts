/** Markers of a JPEG file (ITU-T T.81, table B.1): the byte after 0xFF. */
export const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const DQT = 0xdb;
export const DHT = 0xc4;
export const DRI = 0xdd;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;
export const COM = 0xfe;
/** SOF0; those before it carry no data, or mean nothing. */
const FIRST = 0xc0;
const RST0 = 0xd0;
const RST7 = 0xd7;
const PREFIX = 0xff;

/** A marker, its data without the length, and for SOS what follows it up to the next marker. */
export interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** Compressed data, with its restart markers. */
  readonly scan?: Uint8Array;
}

/** Why a file is no JPEG, in the words of a problem: what should have stood there, and what did. */
export type Refuse = (expected: string, received: string) => never;

const LENGTH_BYTES = 2;

/** The most data that a segment can hold. */
export const MAX_SEGMENT_BYTES = 65535 - LENGTH_BYTES;

/** Its letters in latin1, at the start of an APP segment's data. */
export const startsWith = ({ data }: Pick<Segment, 'data'>, letters: string) =>
  data.length >= letters.length && [...letters].every((letter, i) => data[i] === letter.charCodeAt(0));

/**
 * Reads segment after segment, from SOI to EOI; what follows that (a second picture, a film, padding) is not looked at.
 * Nothing is copied; every length is checked before it is used.
 */
export function* readSegments(file: Uint8Array, refuse: Refuse): Generator<Segment> {
  if (file[0] !== PREFIX || file[1] !== SOI) refuse('a JPEG file, which starts with SOI', 'other bytes');
  let offset = 2;
  for (;;) {
    if (file[offset] !== PREFIX) refuse('a marker', offset < file.length ? `other bytes at ${offset}` : 'the end');
    while (file[offset] === PREFIX) offset++; // any number of them may fill up
    const marker = file[offset++];
    if (marker === undefined) return refuse('a file that ends with EOI', `an end after ${file.length} bytes`);
    if (marker === EOI) return;
    if (marker < FIRST || (marker >= RST0 && marker <= SOI)) refuse('a marker of the standard', name(marker));
    const length = ((file[offset] as number) << 8) | (file[offset + 1] as number);
    const end = offset + length;
    if (!(length >= LENGTH_BYTES && end <= file.length)) {
      refuse(`at most ${file.length - offset} bytes in ${name(marker)}`, `a length of ${length}`);
    }
    const data = file.subarray(offset + LENGTH_BYTES, end);
    if (marker !== SOS) {
      yield { marker, data };
      offset = end;
      continue;
    }
    const scanEnd = endOfScan(file, end);
    yield { marker, data, scan: file.subarray(end, scanEnd) };
    offset = scanEnd;
  }
}

/** Compressed data go on past restart markers and 0xFF 0x00, which stands for a 0xFF. */
function endOfScan(file: Uint8Array, start: number): number {
  for (let at = start; ; at++) {
    at = file.indexOf(PREFIX, at);
    if (at < 0) return file.length;
    const next = file[at + 1] as number;
    if (next !== 0 && next !== PREFIX && !(next >= RST0 && next <= RST7)) return at;
  }
}

/** For messages: 0xC0. */
export const name = (marker: number) => `0x${marker.toString(16).toUpperCase()}`;

/** A file of these segments, between SOI and EOI. */
export function writeSegments(segments: readonly Segment[]): Uint8Array<ArrayBuffer> {
  const sizeOf = ({ data, scan }: Segment) => 2 + LENGTH_BYTES + data.length + (scan?.length ?? 0);
  const file = new Uint8Array(segments.reduce((sum, segment) => sum + sizeOf(segment), 4));
  file.set([PREFIX, SOI]);
  let offset = 2;
  for (const segment of segments) {
    const length = LENGTH_BYTES + segment.data.length;
    file.set([PREFIX, segment.marker, length >> 8, length & 0xff], offset);
    file.set(segment.data, offset + 4);
    if (segment.scan) file.set(segment.scan, offset + 4 + segment.data.length);
    offset += sizeOf(segment);
  }
  file.set([PREFIX, EOI], offset);
  return file;
}
