import type { RasterImage } from '../image.ts';
import { joined, latin1 } from './bytes.ts';
import type { Deflate } from './deflate.ts';
import { PROFILE } from './jpeg/kinds.ts';
import { APP2, MAX_SEGMENT_BYTES, type Segment } from './jpeg/segments.ts';
import type { Chunk } from './png/chunks.ts';
import { inflateAtMost } from './png/inflate.ts';

/** ICC profiles: compressed and named in a PNG, cut into numbered parts in a JPEG. */
export type Profile = Uint8Array<ArrayBuffer>;

/** Bytes: far more than any profile of three colours has; a bomb stops there. */
const MAX_PROFILE_BYTES = 2 ** 20;

const HEADER_BYTES = 128;
const COLOURS_AT = 16;

/** Whether a profile is one for such images; one that is not would make colours wrong. */
export function suits(profile: Uint8Array, { channels }: Pick<RasterImage, 'channels'>): boolean {
  const colours = String.fromCharCode(...profile.subarray(COLOURS_AT, COLOURS_AT + 4));
  return profile.length >= HEADER_BYTES && colours === (channels < 3 ? 'GRAY' : 'RGB ');
}

const MAX_NAME_BYTES = 79;

/** `undefined` for a profile that is broken or too large. */
export function profileOfChunk({ data }: Pick<Chunk, 'data'>): Profile | undefined {
  const nameEnd = data.indexOf(0);
  if (nameEnd < 1 || nameEnd > MAX_NAME_BYTES || data[nameEnd + 1] !== 0) return undefined;
  return inflateAtMost(data.subarray(nameEnd + 2), MAX_PROFILE_BYTES);
}

const NAME = 'ICC profile';

export async function chunkOfProfile(profile: Profile, deflate: Deflate): Promise<Chunk> {
  // its name, and the compression method, which is 0
  return { type: 'iCCP', data: joined([latin1(`${NAME}\0\0`), await deflate(profile)]) };
}

const MAX_PARTS = 255;
const PART_HEADER_BYTES = PROFILE.length + 2;

/** `undefined` where a part is missing. */
export function profileOfSegments(parts: readonly Segment[]): Profile | undefined {
  const count = parts[0]?.data[PROFILE.length + 1];
  if (count === undefined || parts.length !== count) return undefined;
  const inOrder = Array.from({ length: count }, (_, i) => parts.find(({ data }) => data[PROFILE.length] === i + 1));
  if (inOrder.includes(undefined)) return undefined;
  return joined(inOrder.map((part) => (part as Segment).data.subarray(PART_HEADER_BYTES)));
}

/** [] for a profile that does not fit. */
export function segmentsOfProfile(profile: Profile): Segment[] {
  const room = MAX_SEGMENT_BYTES - PART_HEADER_BYTES;
  const count = Math.ceil(profile.length / room);
  if (count > MAX_PARTS) return [];
  return Array.from({ length: count }, (_, i) => {
    const header = [...latin1(PROFILE), i + 1, count];
    return { marker: APP2, data: joined([Uint8Array.from(header), profile.subarray(i * room, (i + 1) * room)]) };
  });
}
