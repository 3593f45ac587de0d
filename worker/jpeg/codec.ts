import decoderFactory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import encoderFactory from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { DegrainError } from '../../models/errors.ts';
import { readSegments, type Segment, writeSegments } from '../../models/files/jpeg/segments.ts';
import { assertRaster, type RasterImage } from '../../models/image.ts';
import { CodecFailure, type Decoder, type Encoder, type Factory, Instance } from './emscripten.ts';
import type { Frame } from './frame.ts';
import { type GuardedJpeg, guardJpeg, type JpegLimits } from './guard.ts';
import { qualityOf } from './quality.ts';

/** How finely a JPEG keeps what it is given. */
export interface JpegCoding {
  /** 1 to 100, of brightness and of colour. */
  readonly quality: number;
  readonly colourQuality: number;
  /** Whether colour has half the samples in both directions; else as many as brightness. */
  readonly subsampled: boolean;
}

export interface DecodedJpeg {
  readonly image: RasterImage;
  /** JFIF, EXIF and colour profile: for `encode`, as they were. */
  readonly kept: readonly Segment[];
  /** What loses no more than the file itself did. */
  readonly coding: JpegCoding;
  /** The file as it came, without what is dropped. */
  original(): Uint8Array<ArrayBuffer>;
}

const GREY = 1;
const YCBCR = 3;
const ANNEX_K = 0;

/** mozjpeg, as @jsquash/jpeg compiles it; it sees guarded files only. */
export class JpegCodec {
  readonly #decoder: Instance<Decoder>;
  readonly #encoder: Instance<Encoder>;

  constructor(binaries: { decoder: WebAssembly.Module; encoder: WebAssembly.Module }) {
    this.#decoder = new Instance(decoderFactory as unknown as Factory, binaries.decoder);
    this.#encoder = new Instance(encoderFactory as unknown as Factory, binaries.encoder);
  }

  /** @throws DegrainError `image-too-large` beyond the limits, `invalid-image` for all that is no sound, still JPEG. */
  async decode(file: Uint8Array, limits: JpegLimits): Promise<DecodedJpeg> {
    const jpeg = guardJpeg(file, limits);
    const { width, height, components } = jpeg.frame;
    const rgba = await this.#pixels(jpeg);
    const channels = components.length === 1 ? 1 : 3;
    const data = new Uint8Array(width * height * channels);
    for (let from = 0, to = 0; to < data.length; from += 4) {
      for (let c = 0; c < channels; c++) data[to++] = rgba[from + c] as number;
    }
    return {
      image: { data, width, height, channels, depth: 8 },
      kept: jpeg.kept,
      coding: codingOf(jpeg),
      original: () => writeSegments([...new Set([...jpeg.kept, ...jpeg.coding])]),
    };
  }

  async #pixels({ frame: { width, height }, coding }: GuardedJpeg): Promise<Uint8ClampedArray> {
    try {
      const { result, printed } = await this.#decoder.use((decoder) => decoder.decode(writeSegments(coding), false));
      const warning = printed.find((line) => !HARMLESS.test(line));
      if (warning) throw unsound(warning);
      if (result?.width === width && result.height === height) return result.data;
      throw unsound('another size');
    } catch (failure) {
      if (failure instanceof CodecFailure) throw unsound(failure.message, failure);
      throw failure;
    }
  }

  /** Progressive, without the quantiser's own ideas (trellis) of what could go as well. Alpha and 16 bits do not fit. */
  async encode(
    image: RasterImage,
    coding: JpegCoding,
    kept: readonly Segment[] = [],
  ): Promise<Uint8Array<ArrayBuffer>> {
    assertRaster(image);
    const { width, height, channels } = image;
    const options = {
      quality: coding.quality,
      separate_chroma_quality: true,
      chroma_quality: coding.colourQuality,
      color_space: channels === 1 ? GREY : YCBCR,
      auto_subsample: false,
      chroma_subsample: coding.subsampled ? 2 : 1,
      quant_table: ANNEX_K,
      progressive: true,
      // true would cut steps off at 255 and turn progressive off
      baseline: false,
      arithmetic: false,
      optimize_coding: true,
      smoothing: 0,
      trellis_multipass: false,
      trellis_opt_zero: false,
      trellis_opt_table: false,
      trellis_loops: 0,
    };
    const { result } = await this.#encoder.use((encoder) => encoder.encode(toRgba(image), width, height, options));
    const segments = [...readSegments(result, brokenEncoder)];
    // its JFIF knows no density; the one that is kept does
    return writeSegments([...kept, ...segments.slice(1)]);
  }
}

/** What cameras leave behind: bytes after the last block of a scan. */
const HARMLESS = /extraneous bytes before marker/;

function unsound(received: string, cause?: unknown): DegrainError {
  const parts = { expected: 'a sound JPEG', received, remedy: 'Open the image and save it again as JPEG.' };
  return new DegrainError('invalid-image', parts, cause);
}

function brokenEncoder(expected: string, received: string): never {
  throw new Error(`the encoder's file: expected ${expected} but received ${received}`);
}

function codingOf({ frame, steps }: GuardedJpeg): JpegCoding {
  const { brightness, colour } = qualityOf(steps);
  return { quality: brightness, colourQuality: colour, subsampled: isSubsampled(frame) };
}

/** The encoder halves both directions or none: where the file halves one, none. */
function isSubsampled({ components: [first, ...others] }: Frame): boolean {
  if (!first || others.length === 0) return false;
  return others.every(
    ({ horizontal, vertical }) => horizontal * 2 <= first.horizontal && vertical * 2 <= first.vertical,
  );
}

function toRgba({ data, width, height, channels }: RasterImage): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) rgba[pixel * 4 + c] = data[pixel * channels + (channels < 3 ? 0 : c)] as number;
  }
  return rgba;
}
