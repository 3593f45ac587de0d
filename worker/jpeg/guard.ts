import { DegrainError } from '../../models/errors.ts';
import { isExif, isJfif, isProfile } from '../../models/files/jpeg/kinds.ts';
import { APP14, DHT, DQT, DRI, readSegments, type Segment, SOS, startsWith } from '../../models/files/jpeg/segments.ts';
import { type Frame, MAX_JPEG_SIDE, readFrame } from './frame.ts';
import { ScanGuard } from './scans.ts';
import { readCodes, readSteps, type StepTables } from './tables.ts';

export interface JpegLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** A file that has passed every check. */
export interface GuardedJpeg {
  readonly frame: Frame;
  /** Of each component, the quantisation steps in zigzag order. */
  readonly steps: readonly Uint16Array[];
  /** JFIF, EXIF and colour profile, in the file's order, to be put back as they were. */
  readonly kept: readonly Segment[];
  /** What the codec may be given: the compressed image, and what says which colours its numbers mean. */
  readonly coding: readonly Segment[];
}

const ADOBE = 'Adobe';

const ADOBE_BYTES = 12;
const RESTART_BYTES = 2;
const MAX_PROFILE_PARTS = 255;

function refuse(expected: string, received: string): never {
  const remedy = 'Open the image and save it again as JPEG.';
  throw new DegrainError('invalid-image', { expected, received, remedy });
}

function tooLarge(expected: string, received: string): never {
  const remedy = 'Use a smaller image, or cut this one into parts.';
  throw new DegrainError('image-too-large', { expected, received, remedy });
}

const isAdobe = (segment: Segment) =>
  segment.marker === APP14 && segment.data.length >= ADOBE_BYTES && startsWith(segment, ADOBE);

/**
 * Size and kind, from the start of a file: a camera's may carry a preview and a profile before them.
 * @throws DegrainError `invalid-image`, also for a start that is too short.
 */
export function readJpegHeader(start: Uint8Array): Frame {
  for (const segment of readSegments(start, refuse)) {
    const frame = readFrame(segment, refuse);
    if (frame) return frame;
    if (segment.marker === SOS) break;
  }
  return refuse('a frame (SOF) before the image', 'none');
}

/**
 * Checks a JPEG from its first marker to its last before the codec sees a byte, all but the compressed numbers
 * themselves. Memory stays in proportion to the limits, time to the file.
 *
 * @throws DegrainError `image-too-large` beyond the limits, `invalid-image` for all that is no sound, still JPEG of 8
 * bits in grey or three colours.
 */
export function guardJpeg(file: Uint8Array, limits: JpegLimits): GuardedJpeg {
  if (file.length > limits.maxBytes) tooLarge(`a file of at most ${limits.maxBytes} bytes`, `${file.length} bytes`);
  const tables: StepTables = new Map();
  const codes = new Set<number>();
  const steps: Uint16Array[] = [];
  const kept: Segment[] = [];
  const coding: Segment[] = [];
  let frame: Frame | undefined;
  let scans: ScanGuard | undefined;
  for (const segment of readSegments(file, refuse)) {
    const { marker, data } = segment;
    const found = readFrame(segment, refuse);
    if (found) {
      if (frame) refuse('one frame', 'two');
      checkSize(found, limits);
      frame = found;
      scans = new ScanGuard(frame, codes, refuse);
    } else if (marker === SOS) {
      if (!frame || !scans) return refuse('a frame (SOF) before the image', 'none');
      for (const index of scans.begin(data)) {
        const table = frame.components[index]?.table as number;
        steps[index] = tables.get(table) ?? refuse('a quantisation table for each component', `none of ${table}`);
      }
    } else if (marker === DQT) readSteps(data, tables, refuse);
    else if (marker === DHT) readCodes(data, codes, refuse);
    else if (marker === DRI && data.length !== RESTART_BYTES) refuse(`DRI of ${RESTART_BYTES} bytes`, `${data.length}`);
    if (isKept(segment, kept)) kept.push(segment);
    if (found || CODING.includes(marker) || isAdobe(segment) || isJfif(segment)) coding.push(segment);
  }
  if (!frame || !scans?.isComplete) return refuse('an image of all its components', 'less');
  return { frame, steps, kept, coding };
}

const CODING: readonly number[] = [DQT, DHT, DRI, SOS];

/** The first of each kind, and all parts of the profile. */
function isKept(segment: Segment, kept: readonly Segment[]): boolean {
  if (isProfile(segment)) return kept.filter(isProfile).length < MAX_PROFILE_PARTS;
  return [isJfif, isExif].some((is) => is(segment) && !kept.some(is));
}

function checkSize({ width, height }: Frame, { maxPixels }: JpegLimits): void {
  if (width * height > maxPixels) tooLarge(`at most ${maxPixels} pixels`, `${width} x ${height}`);
  if (Math.max(width, height) > MAX_JPEG_SIDE) {
    tooLarge(`sides of at most ${MAX_JPEG_SIDE} pixels`, `${width} x ${height}`);
  }
}
