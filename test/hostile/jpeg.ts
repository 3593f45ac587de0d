import { readFileSync } from 'node:fs';
import { readSegments, type Segment, writeSegments } from '../../models/files/jpeg/segments.ts';
import { root } from '../paths.ts';

const stored = JSON.parse(readFileSync(`${root}test/stored/jpeg.json`, 'utf8')) as {
  cases: { name: string; file: string }[];
  refused: Record<string, string>;
};
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

/** One of jpeg.json's sound files. */
export const soundJpeg = (name: string) => bytes(stored.cases.find((each) => each.name === name)?.file as string);

export const segmentsOf = (file: Uint8Array): Segment[] => [
  ...readSegments(file, (expected, received) => {
    throw new Error(`expected ${expected} but received ${received}`);
  }),
];

const SOF0 = 0xc0;
const SOF2 = 0xc2;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;

type Change = (segments: Segment[]) => Segment[];
const changed = (name: string, change: Change) => () => writeSegments(change(segmentsOf(soundJpeg(name))));

/** Another first segment of a kind. */
const edited = (marker: number, edit: (data: Uint8Array) => void, name = '4:2:0') =>
  changed(name, (segments) => {
    const at = segments.findIndex((segment) => segment.marker === marker);
    const segment = segments[at] as Segment;
    const data = segment.data.slice();
    edit(data);
    return segments.toSpliced(at, 1, { ...segment, data });
  });

const without = (marker: number) => changed('4:2:0', (segments) => segments.filter((each) => each.marker !== marker));
const doubled = (marker: number) =>
  changed('4:2:0', (segments) => segments.flatMap((each) => (each.marker === marker ? [each, each] : [each])));
const renamed = (marker: number) =>
  changed('4:2:0', (segments) => segments.map((each) => (each.marker === SOF0 ? { ...each, marker } : each)));
const cut = (length: (file: Uint8Array) => number) => () => {
  const file = soundJpeg('4:2:0');
  return file.slice(0, length(file));
};

/** JPEGs that must be refused as `invalid-image`, by what is wrong with them. */
export const BROKEN_JPEGS: Record<string, () => Uint8Array<ArrayBuffer>> = {
  'an empty JPEG': () => new Uint8Array(0),
  'SOI and nothing else': () => Uint8Array.of(0xff, 0xd8),
  'SOI and EOI': () => Uint8Array.of(0xff, 0xd8, 0xff, 0xd9),
  'a JPEG without its end': cut((file) => file.length - 2),
  'a JPEG of half the length': cut((file) => file.length >> 1),
  'half a JPEG with an end': () => {
    const file = soundJpeg('4:2:0');
    const half = file.slice(0, (file.length * 3) >> 2);
    return Uint8Array.from([...half, 0xff, 0xd9]);
  },
  'compressed numbers that mean nothing': changed('4:2:0', (segments) =>
    segments.map((each) => (each.scan ? { ...each, scan: each.scan.map((byte, i) => (i > 9 ? 0x55 : byte)) } : each)),
  ),
  'a second SOI': () => Uint8Array.from([0xff, 0xd8, ...soundJpeg('4:2:0')]),
  'bytes between segments': () => Uint8Array.from([0xff, 0xd8, 0, 0, ...soundJpeg('4:2:0').subarray(2)]),
  'a segment longer than the file': () => {
    const file = soundJpeg('4:2:0');
    file.set([0xff, 0xff], 4);
    return file;
  },
  'a segment of length 1': () => {
    const file = soundJpeg('4:2:0');
    file.set([0, 1], 4);
    return file;
  },
  'four colours': () => bytes(stored.refused.CMYK as string),
  'two colours': edited(SOF0, (data) => data.set([2], 5)),
  '12 bits': edited(SOF0, (data) => data.set([12], 0)),
  'a lossless JPEG': renamed(0xc3),
  'a hierarchical JPEG': renamed(0xc5),
  'an arithmetic-coded JPEG': renamed(0xc9),
  'a JPEG-LS': renamed(0xf7),
  'a width of 0': edited(SOF0, (data) => data.set([0, 0], 3)),
  'a height that is told later': edited(SOF0, (data) => data.set([0, 0], 1)),
  'sampling of 0': edited(SOF0, (data) => data.set([0x00], 7)),
  'sampling of 15': edited(SOF0, (data) => data.set([0xff], 7)),
  'colour with more samples than brightness': edited(SOF0, (data) => data.set([0x11, 0, 2, 0x22], 7)),
  'two components of one name': edited(SOF0, (data) => data.set([1], 9)),
  'two frames': doubled(SOF0),
  'no frame': without(SOF0),
  'no scan': without(SOS),
  'no quantisation table': without(DQT),
  'no Huffman table': without(DHT),
  'a quantisation step of 0': edited(DQT, (data) => data.set([0], 9)),
  'a quantisation table cut short': edited(DQT, (data) => data.set([0x10], 0)),
  'Huffman codes that cannot be told apart': edited(DHT, (data) => data.set([255], 1)),
  'a scan of a component that is not there': edited(SOS, (data) => data.set([9], 1)),
  'a scan of no component': edited(SOS, (data) => data.set([0], 0)),
  'the same scan twice': doubled(SOS),
  'part of the coefficients in a baseline image': edited(SOS, (data) => data.set([1, 5], data.length - 3)),
  'a thousand scans': changed('progressive', (segments) => {
    const last = segments.at(-1) as Segment;
    return [...segments, ...Array.from({ length: 1000 }, () => last)];
  }),
  'the last coefficients without the first': changed('progressive', (segments) =>
    segments.filter((each) => each.marker !== SOS || each.data[each.data.length - 3] !== 0),
  ),
  'a progressive frame around a baseline scan': changed('4:2:0', (segments) =>
    segments.map((each) => (each.marker === SOF0 ? { ...each, marker: SOF2 } : each)),
  ),
};

/** Sound as far as one can tell from the first bytes, and larger than any limit: refused as `image-too-large`. */
export const TOO_LARGE_JPEGS: Record<string, () => Uint8Array<ArrayBuffer>> = {
  '65500 squared': edited(SOF0, (data) => data.set([0xff, 0xdc, 0xff, 0xdc], 1)),
  'a side of 65535': edited(SOF0, (data) => data.set([0, 1, 0xff, 0xff], 1)),
  'a progressive one of 4 gigapixels': edited(SOF2, (data) => data.set([0xff, 0xff, 0xff, 0xff], 1), 'progressive'),
};
