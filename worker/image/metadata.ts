import type { RasterImage } from '../../models/image.ts';
import { joined, latin1 } from '../bytes.ts';
import { EXIF, isExif, isJfif, isProfile } from '../jpeg/guard.ts';
import { APP0, APP1, MAX_SEGMENT_BYTES, type Segment } from '../jpeg/segments.ts';
import type { Chunk } from '../png/chunks.ts';
import { chunkOfProfile, profileOfChunk, profileOfSegments, segmentsOfProfile, suits } from './profile.ts';

/**
 * What a file says about its image, carried over into the other format: colour profile, EXIF, resolution. A profile
 * that is broken or for other colours stays behind; so does what the other format has no place for (gAMA, cHRM).
 */
export async function chunksOf(segments: readonly Segment[], image: RasterImage): Promise<Chunk[]> {
  const profile = profileOfSegments(segments.filter(isProfile));
  const density = segments.find(isJfif)?.data;
  const exif = segments.find(isExif)?.data.subarray(EXIF.length);
  return [
    ...(profile && suits(profile, image) ? [await chunkOfProfile(profile)] : []),
    ...(density ? pixelsPerMetre(density) : []),
    ...(exif?.length ? [{ type: 'eXIf', data: exif }] : []),
  ];
}

/** The other way. */
export function segmentsOf(chunks: readonly Chunk[], image: RasterImage): Segment[] {
  const find = (type: string) => chunks.find((chunk) => chunk.type === type);
  const named = find('iCCP');
  const profile = named && profileOfChunk(named);
  const exif = find('eXIf');
  return [
    jfif(find('pHYs')?.data),
    ...(exif && exif.data.length + EXIF.length <= MAX_SEGMENT_BYTES
      ? [{ marker: APP1, data: joined([latin1(EXIF), exif.data]) }]
      : []),
    ...(profile && suits(profile, image) ? segmentsOfProfile(profile) : []),
  ];
}

/** JFIF's units: none (only the shape of a pixel), per inch, per centimetre. */
const SHAPE = 0;
const INCH = 1;
/** PNG's: none, per metre. */
const METRE = 1;
/** Of each of JFIF's units, in metres. */
const METRES = [1, 0.0254, 0.01] as const;

/** JFIF's density as pHYs. */
function pixelsPerMetre(jfif: Uint8Array): Chunk[] {
  const unit = jfif[7] as number;
  const metres = METRES[unit];
  const view = new DataView(jfif.buffer, jfif.byteOffset, jfif.byteLength);
  const [x, y] = [view.getUint16(8), view.getUint16(10)];
  // square pixels of no size: that says nothing
  if (!metres || x === 0 || y === 0 || (unit === SHAPE && x === y)) return [];
  const data = new Uint8Array(9);
  const out = new DataView(data.buffer);
  out.setUint32(0, Math.round(x / metres));
  out.setUint32(4, Math.round(y / metres));
  data[8] = unit === SHAPE ? 0 : METRE;
  return [{ type: 'pHYs', data }];
}

const MAX_DENSITY = 65535;

/** JFIF 1.1 with the density of pHYs, as far as it can be said in 16 bits. */
function jfif(pixels: Uint8Array | undefined): Segment {
  const segment = { marker: APP0, data: joined([latin1('JFIF\0\x01\x01'), new Uint8Array(7)]) };
  const out = new DataView(segment.data.buffer);
  const view = pixels && new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const metre = view?.getUint8(8) === METRE;
  const density = (offset: number) => Math.round((view?.getUint32(offset) ?? 1) * (metre ? METRES[INCH] : 1));
  const [x, y] = [density(0), density(4)];
  const fits = Math.min(x, y) > 0 && Math.max(x, y) <= MAX_DENSITY;
  out.setUint8(7, fits && metre ? INCH : SHAPE);
  out.setUint16(8, fits ? x : 1);
  out.setUint16(10, fits ? y : 1);
  return segment;
}
