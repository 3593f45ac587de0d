import { type ColourSpace, colourSpaceOf } from '../../models/files/colour.ts';
import { markUpright, orientationOf } from '../../models/files/exif.ts';
import { formatOf } from '../../models/files/format.ts';
import { colourSpaceOfHeif } from '../../models/files/heif.ts';
import { readSegments, type Segment } from '../../models/files/jpeg/segments.ts';
import { type Metadata, metadataOfSegments } from '../../models/files/metadata.ts';
import { turn } from '../../models/files/turn.ts';
import { metadataOfWebp, readWebp } from '../../models/files/webp.ts';
import { widestColorSpace } from './canvas.ts';
import { assertJpegIsWhole } from './cut-off.ts';
import { decodeFile } from './decode.ts';
import type { Picture } from './picture.ts';
import { openPng } from './png.ts';
import { assertSize } from './size.ts';

/**
 * A picture from its file. PNGs that say more than a canvas holds (16 bits, alpha, grey) are read sample by sample; all
 * else as the browser shows it, sRGB in sRGB and wider colours in Display P3. Of an animation, the first picture.
 *
 * @throws DegrainError `invalid-image` for what neither reads.
 */
export async function openFile(file: Blob): Promise<Picture> {
  // a copy: the orientation in it is changed, so that the browser does not turn what is turned here
  const bytes = new Uint8Array(await file.arrayBuffer());
  const format = formatOf(bytes);
  if (format === 'png') return openPng(bytes, decodeAs);
  const metadata =
    format === 'jpeg'
      ? metadataOfSegments(segmentsOf(bytes))
      : format === 'webp'
        ? metadataOfWebp(readWebp(bytes))
        : {};
  // what is neither is known to the browser alone, with its orientation
  if (format === 'other') return decodeAs(bytes, file.type, {}, colourSpaceOfHeif(bytes));
  return decodeAs(bytes, `image/${format}`, metadata);
}

/** By the browser, but for the orientation. */
async function decodeAs(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  metadata: Metadata,
  space: ColourSpace = metadata.profile ? spaceOf(metadata.profile) : 'srgb',
  saysSrgb = space === 'srgb' && metadata.profile !== undefined && isRgb(metadata.profile),
): Promise<Picture> {
  const { exif, profile, pixels } = metadata;
  const orientation = exif ? orientationOf(exif) : 1;
  if (exif) markUpright(exif);
  const colorSpace = space === 'srgb' ? 'srgb' : widestColorSpace();
  const decoded = await decodeFile(new Blob([bytes], { type }), colorSpace, saysSrgb ? 'none' : 'default');
  const image = turn(decoded, orientation);
  // of its own colours nothing is left, where they have been converted
  const kept = space === colorSpace ? profile : undefined;
  return { image, colorSpace, metadata: { exif: exif?.slice(), pixels, profile: kept?.slice() } };
}

/** Grey and CMYK profiles: the browser makes sRGB of them. */
const spaceOf = (profile: Uint8Array): ColourSpace => (isRgb(profile) ? colourSpaceOf(profile) : 'srgb');

const isRgb = (profile: Uint8Array) => String.fromCharCode(...profile.subarray(16, 20)) === 'RGB ';

/** As far as they can be read: the browser decides whether it is a picture. */
function segmentsOf(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  try {
    for (const segment of readSegments(bytes, stop)) {
      assertSize(sizeOf(segment));
      segments.push(segment);
    }
  } catch (failure) {
    if (failure !== END) throw failure;
    assertJpegIsWhole(bytes, segments);
  }
  return segments;
}

/** px, of a frame header (SOF0 to SOF15, of which three numbers mean something else). */
function sizeOf({ marker, data }: Segment): { width: number; height: number } | undefined {
  const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker) && data.length > 4;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return isFrame ? { height: view.getUint16(1), width: view.getUint16(3) } : undefined;
}

const END = new Error('no further segment can be read');
const stop = (): never => {
  throw END;
};
