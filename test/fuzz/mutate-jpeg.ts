import { readSegments, type Segment, writeSegments } from '../../models/files/jpeg/segments.ts';
import type { Random } from './random.ts';

type File = Uint8Array<ArrayBuffer>;

/** As many segments as can be read. */
function segmentsOf(file: File): Segment[] {
  const segments: Segment[] = [];
  try {
    for (const segment of readSegments(file, stop)) segments.push(segment);
  } catch {
    // a damaged file ends where it is damaged
  }
  return segments;
}

function stop(): never {
  throw new Error('no further');
}

const MARKERS = [0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xcc, 0xd8, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xe0, 0xe1, 0xe2, 0xee];

/** Changes to segments whose lengths are right again afterwards. */
export function markerSurgery(file: File, other: File, random: Random): File {
  const segments = segmentsOf(file);
  if (segments.length === 0) return file;
  const at = random.below(segments.length);
  const segment = segments[at] as Segment;
  const changed = (change: Partial<Segment>) => writeSegments(segments.toSpliced(at, 1, { ...segment, ...change }));
  switch (random.below(8)) {
    case 0:
      return writeSegments(segments.toSpliced(at, 1));
    case 1:
      return writeSegments(segments.toSpliced(at, 0, ...Array.from({ length: 1 + random.below(70) }, () => segment)));
    case 2:
      return writeSegments(segments.toSpliced(at, 1).toSpliced(random.below(segments.length), 0, segment));
    case 3:
      return changed({ data: segment.data.subarray(0, random.below(segment.data.length + 1)) });
    case 4:
      return changed({ marker: random.pick(MARKERS) });
    case 5: {
      const added = { marker: random.pick(MARKERS), data: random.bytes(random.below(80)) };
      return writeSegments(segments.toSpliced(at, 0, added));
    }
    case 6: {
      const taken = segmentsOf(other);
      return taken.length > 0 ? writeSegments(segments.toSpliced(at, 1, random.pick(taken))) : file;
    }
    default: {
      const data = segment.data.slice();
      for (let n = random.below(4); n >= 0 && data.length > 0; n--) data[random.below(data.length)] = random.below(256);
      return changed({ data });
    }
  }
}

/** Another frame header: sizes, sampling, tables. */
export function jpegFrame(file: File, random: Random): File {
  const segments = segmentsOf(file);
  const at = segments.findIndex(({ marker }) => marker >= 0xc0 && marker <= 0xc2);
  const frame = segments[at];
  if (!frame || frame.data.length < 6) return file;
  const data = frame.data.slice();
  const view = new DataView(data.buffer);
  const sizes = [0, 1, 7, 8, 9, 16, 255, 256, 257, 65500, 65535];
  if (random.below(2))
    view.setUint16(1 + 2 * random.below(2), random.below(3) ? random.pick(sizes) : random.below(1000));
  else
    data[random.below(data.length)] = random.below(2)
      ? random.pick([0, 1, 2, 3, 0x11, 0x12, 0x21, 0x22, 0x41, 0x44])
      : random.below(256);
  return writeSegments(segments.toSpliced(at, 1, { ...frame, data }));
}

/** Other compressed numbers, which only the codec reads. */
export function jpegScan(file: File, random: Random): File {
  const segments = segmentsOf(file);
  const scans = segments.flatMap(({ scan }, i) => (scan?.length ? [i] : []));
  if (scans.length === 0) return file;
  const at = random.pick(scans);
  const segment = segments[at] as Segment;
  const scan = (segment.scan as Uint8Array).slice();
  // no 0xFF: it would end the scan, which other changes do
  for (let n = random.below(8); n >= 0; n--) scan[random.below(scan.length)] = random.below(255);
  const length = random.below(6) ? scan.length : random.below(scan.length);
  return writeSegments(segments.toSpliced(at, 1, { ...segment, scan: scan.subarray(0, length) }));
}

/** A segment's length as another number. */
export function jpegLength(file: File, random: Random): File {
  const segments = segmentsOf(file);
  if (segments.length === 0) return file;
  const before = writeSegments(segments.slice(0, random.below(segments.length))).length - 2;
  if (before + 4 > file.length) return file;
  const changed = file.slice();
  new DataView(changed.buffer).setUint16(before + 2, random.pick([0, 1, 2, 3, 0xff, 0x7fff, 0x8000, 0xffff]));
  return changed;
}
