import type { ModelCard } from '../../models/card.ts';
import type { TileEngine } from '../../models/engine.ts';
import type { FloatImage } from '../../models/image.ts';
import { fromRaster, toRaster } from '../../models/image.ts';
import { ask, type Edge, edgeAddress } from '../edge/request.ts';
import { encodeImageData } from '../files/canvas.ts';
import { decodeFile } from '../files/decode.ts';
import { toRgba } from '../files/pixels.ts';

/**
 * The endpoint as an engine: each window goes there as a PNG of 8 bits and comes back denoised. The only engine that
 * lets the picture leave the device.
 */
export function openEdge(edge: Edge, card: ModelCard): TileEngine {
  const mapped = card.sigma.kind === 'map';
  return {
    name: 'edge',
    async run(input, height, width) {
      const depth = input.length / (height * width);
      const channels = (mapped ? depth - 1 : depth) as FloatImage['channels'];
      const sigma = mapped ? ((input[channels] as number) * 255).toFixed(3) : 'auto';
      const address = edgeAddress(edge, 'v1/denoise', { model: card.id, sigma, strength: '1' });
      const image = { data: colours(input, channels, depth), width, height, channels };
      const body = await encodeImageData(toRgba(toRaster(image, undefined, 8)), 'image/png');
      const response = await ask(address, { method: 'POST', body, headers: { 'Content-Type': 'image/png' } });
      const { colour } = fromRaster(await decodeFile(await response.blob()));
      return withChannels(colour, channels);
    },
    dispose() {},
  };
}

/** [H,W,channels] of [1,H,W,depth]: without the noise map. */
function colours(input: Float32Array, channels: number, depth: number): Float32Array {
  if (channels === depth) return input;
  const data = new Float32Array((input.length / depth) * channels);
  for (let from = 0, to = 0; to < data.length; from += depth, to += channels) {
    data.set(input.subarray(from, from + channels), to);
  }
  return data;
}

/** Grey files are read as one channel and others as three, whatever was sent. */
function withChannels({ data, channels }: FloatImage, wanted: number): Float32Array {
  if (channels === wanted) return data;
  return Float32Array.from({ length: (data.length / channels) * wanted }, (_, i) => {
    return data[channels === 1 ? Math.floor(i / wanted) : i * channels] as number;
  });
}
