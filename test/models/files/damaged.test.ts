import { expect, test } from 'vitest';
import { joined, latin1 } from '../../../models/files/bytes.ts';
import { colourSpaceOf } from '../../../models/files/colour.ts';
import { exifOfResolution, markUpright, orientationOf } from '../../../models/files/exif.ts';
import { colourSpaceOfHeif } from '../../../models/files/heif.ts';
import { readSegments, type Segment, writeSegments } from '../../../models/files/jpeg/segments.ts';
import {
  type Metadata,
  metadataOfChunks,
  metadataOfSegments,
  metadataSegments,
} from '../../../models/files/metadata.ts';
import { chunkOfProfile } from '../../../models/files/profile.ts';
import { metadataOfWebp, readWebp, withMetadata } from '../../../models/files/webp.ts';
import { sfc32 } from '../../../models/noise/random.ts';
import { deflate } from '../../../worker/png/deflate.ts';
import { DISPLAY_P3, makeExif, makeProfile } from './profiles.ts';

const uniform = sfc32(7);
const below = (limit: number) => Math.floor(uniform() * limit);

/** A few bytes changed, runs of the same byte in it, or its end cut off. */
function damaged(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let result = bytes.slice();
  for (let i = below(4); i >= 0; i--) {
    const kind = below(3);
    const at = below(result.length);
    if (kind === 0) result[at] = below(256);
    else if (kind === 1) result = result.slice(0, at + 1);
    else result.fill([0, 127, 128, 255][below(4)] as number, at, at + 4);
  }
  return result;
}

const profile = makeProfile(DISPLAY_P3);
const pixels = Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1);
const jpeg = writeSegments(metadataSegments({ exif: makeExif(6), profile, pixels }, { channels: 3 }));
/** An empty lossless picture: its header is all that is looked at. */
const bare = joined([latin1('RIFF\x12\0\0\0WEBPVP8L\x06\0\0\0/'), new Uint8Array(5)]);
const webp = withMetadata(bare, { exif: makeExif(3), profile }, { width: 1, height: 1 });
const iccp = await chunkOfProfile(profile, deflate);
const heif = joined([latin1('\0\0\0\x0cftypavif\0\0\x02\0colrprof'), profile]);

const END = new Error('no further segment');
const stop = (): never => {
  throw END;
};
function segmentsOf(file: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  try {
    for (const segment of readSegments(file, stop)) segments.push(segment);
  } catch (failure) {
    if (failure !== END) throw failure;
  }
  return segments;
}

test('whatever is wrong with metadata, reading and writing them goes on', () => {
  const write = (metadata: Metadata) => {
    metadataSegments(metadata, { channels: 3 });
    if (metadata.pixels) exifOfResolution(metadata.pixels);
    withMetadata(bare, metadata, { width: 1, height: 1 });
  };
  for (let round = 0; round < 3000; round++) {
    expect(['srgb', 'display-p3', 'other']).toContain(colourSpaceOf(damaged(profile)));
    expect(['srgb', 'display-p3', 'other']).toContain(colourSpaceOfHeif(damaged(heif)));
    const exif = damaged(makeExif(1 + (round % 8), round % 2 ? 'II' : 'MM'));
    markUpright(exif);
    expect(orientationOf(exif)).toBe(1);
    write(metadataOfSegments(segmentsOf(damaged(jpeg))));
    write(metadataOfWebp(readWebp(damaged(webp))));
    if (round % 10 > 0) continue;
    const chunks = [iccp, { type: 'pHYs', data: pixels }];
    write(metadataOfChunks(chunks.map(({ type, data }) => ({ type, data: damaged(data) }))));
  }
});
