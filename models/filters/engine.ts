import type { EngineSource, TileEngine } from '../engine.ts';
import { expectThat } from '../errors.ts';
import type { FloatImage } from '../image.ts';
import { FILTERS, type Filter, type FilterId } from './index.ts';

/** A filter as an engine of the pipeline. There is nothing to load, so that each opening is a new one. */
export function filterSource(id: string, maxTilePixels: number): EngineSource {
  return { name: 'filter', maxTilePixels, open: async () => openFilterEngine(id) };
}

/**
 * A filter behind the interface of a network: [1,H,W,C + 1], C = 1 or 3, of which the last channel is sigma / 255, the
 * same everywhere -> [1,H,W,C].
 *
 * @throws DegrainError `bad-request` for a name that is none of the filters'.
 */
export function openFilterEngine(id: string): TileEngine {
  const filter: Filter | undefined = Object.hasOwn(FILTERS, id) ? FILTERS[id as FilterId] : undefined;
  expectThat(filter !== undefined, () => ({
    expected: `one of ${Object.keys(FILTERS).join(', ')}`,
    received: id,
    remedy: 'Ask for a filter of this version of degrain.',
  }));
  return {
    name: 'filter',
    async run(input, height, width) {
      const { image, sigma } = separate(input, height, width);
      if (isGrey(image)) return repeated(filter.apply(firstChannel(image), sigma));
      return filter.apply(image, sigma).data;
    },
    dispose() {},
  };
}

/** [1,H,W,C + 1] -> [H,W,C], and sigma in 0..255. */
function separate(input: Float32Array, height: number, width: number): { image: FloatImage; sigma: number } {
  const channels = (input.length / (height * width) - 1) as FloatImage['channels'];
  const data = new Float32Array(width * height * channels);
  for (let to = 0, from = 0; to < data.length; from++) {
    for (let c = 0; c < channels; c++) data[to++] = input[from++] as number;
  }
  // float32 made of 40 / 255 a little more, and some settings change at 40
  const sigma = Math.round((input[channels] as number) * 255 * 1e4) / 1e4;
  return { image: { data, width, height, channels }, sigma };
}

/**
 * Whether three channels are one, as in black-and-white photographs saved as RGB. Their noise is one too, not
 * independent as that of colours is: CBM3D would think it weaker than it is, and others work three times for nothing.
 */
function isGrey({ data, channels }: FloatImage): boolean {
  if (channels === 1) return false;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

/** [H,W,3] -> [H,W]. */
const firstChannel = ({ data, width, height }: FloatImage): FloatImage => ({
  data: Float32Array.from({ length: width * height }, (_, i) => data[3 * i] as number),
  width,
  height,
  channels: 1,
});

/** [H,W] -> [1,H,W,3]. */
const repeated = ({ data }: FloatImage): Float32Array =>
  Float32Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)] as number);
