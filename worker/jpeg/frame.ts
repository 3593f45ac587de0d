import { DegrainError } from '../../models/errors.ts';
import type { Refuse, Segment } from '../../models/files/jpeg/segments.ts';

/** What SOF says: size, and how the image's colours are laid out. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** One (grey) or three. */
  readonly components: readonly Component[];
}

export interface Component {
  readonly id: number;
  /** Samples relative to the other components, 1 to 4. */
  readonly horizontal: number;
  readonly vertical: number;
  /** Which of four quantisation tables. */
  readonly table: number;
}

const BASELINE = 0xc0;
const EXTENDED = 0xc1;
const PROGRESSIVE = 0xc2;

/** Kinds of frames that are not read, by their markers. */
const OTHER_KINDS: readonly [kind: string, markers: readonly number[]][] = [
  ['a lossless one', [0xc3, 0xf7]],
  ['a hierarchical one', [0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf, 0xde]],
  ['an arithmetic-coded one', [0xc9, 0xca, 0xcb, 0xcc]],
];

/** px: the most that the codec takes along a side. */
export const MAX_JPEG_SIDE = 65500;

const FRAME_BYTES = 6;
const COMPONENT_BYTES = 3;

/** `undefined` for a segment that is no frame. Refuses those of kinds that are not read. */
export function readFrame({ marker, data }: Segment, refuse: Refuse): Frame | undefined {
  const other = OTHER_KINDS.find(([, markers]) => markers.includes(marker))?.[0];
  if (other) return unread('a baseline, extended or progressive JPEG', other);
  if (marker !== BASELINE && marker !== EXTENDED && marker !== PROGRESSIVE) return undefined;
  const count = data[5] as number;
  if (data.length !== FRAME_BYTES + COMPONENT_BYTES * count) {
    refuse(`SOF of ${FRAME_BYTES} bytes and ${COMPONENT_BYTES} per component`, `${data.length} bytes`);
  }
  if (data[0] !== 8) unread('8 bits per sample', `${data[0]} bits`);
  if (count !== 1 && count !== 3) {
    unread('grey or three colours', count === 4 ? 'four colours, such as CMYK' : `${count} colours`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  if (width === 0 || height === 0) refuse('sides of 1 pixel or more', `${width} x ${height}`);
  const components = Array.from({ length: count }, (_, i) => readComponent(data, FRAME_BYTES + COMPONENT_BYTES * i));
  if (new Set(components.map(({ id }) => id)).size < count) refuse('components of different names', 'twice the same');
  checkSampling(components, refuse);
  if (components.some(({ table }) => table > 3)) refuse('quantisation tables from 0 to 3', 'another');
  return { width, height, progressive: marker === PROGRESSIVE, components };
}

function readComponent(data: Uint8Array, at: number): Component {
  const [id, sampling, table] = data.subarray(at, at + COMPONENT_BYTES) as unknown as [number, number, number];
  return { id, horizontal: sampling >> 4, vertical: sampling & 15, table };
}

/** Most 8x8 blocks of a unit in which components alternate. */
const MAX_UNIT_BLOCKS = 10;

/** The first component, brightness, is the finest; the others have whole fractions of its samples. */
function checkSampling(components: readonly Component[], refuse: Refuse): void {
  const [first] = components as readonly [Component];
  const blocks = components.reduce((sum, { horizontal, vertical }) => sum + horizontal * vertical, 0);
  const sane = components.every(({ horizontal: x, vertical: y }) => {
    return x >= 1 && x <= 4 && y >= 1 && y <= 4 && first.horizontal % x === 0 && first.vertical % y === 0;
  });
  if (sane && (components.length === 1 || blocks <= MAX_UNIT_BLOCKS)) return;
  const said = components.map(({ horizontal, vertical }) => `${horizontal}x${vertical}`).join(', ');
  refuse('components whose sampling is a whole fraction of the first one', said);
}

/** Sound perhaps, but of a kind that is not read. */
function unread(expected: string, received: string): never {
  throw new DegrainError('invalid-image', { expected, received, remedy: 'Save it as an ordinary 8-bit RGB JPEG.' });
}
