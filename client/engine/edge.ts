import type { TileEngine } from '../../models/engine.ts';
import type { FloatImage } from '../../models/image.ts';
import { fromRaster, toRaster } from '../../models/image.ts';
import { ask, type Edge, edgeAddress } from '../edge/request.ts';
import { decodeFile } from '../files/decode.ts';
import { encodeFile } from '../files/encode.ts';
import { toRgba } from '../files/pixels.ts';

/**
 * The endpoint as an engine: each window goes there as a PNG of 8 bits and comes back denoised. The only engine that
 * lets the picture leave the device.
 */
export function openEdge(edge: Edge, model: string): TileEngine {
  return {
    name: 'edge',
    async run(input, height, width) {
      const sigma = (input[3] as number) * 255;
      const address = edgeAddress(edge, 'v1/denoise', { model, sigma: sigma.toFixed(3), strength: '1' });
      const body = await encodeFile(toRgba(toRaster(colours(input, height, width), undefined, 8)), 'image/png');
      const response = await ask(address, { method: 'POST', body, headers: { 'Content-Type': 'image/png' } });
      const { colour } = fromRaster(await decodeFile(await response.blob()));
      return colour.channels === 3 ? colour.data : repeated(colour.data);
    },
    dispose() {},
  };
}

/** [H,W,3] of [1,H,W,4]: without the noise map. */
function colours(input: Float32Array, height: number, width: number): FloatImage {
  const data = new Float32Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) data.set(input.subarray(from, from + 3), to);
  return { data, width, height, channels: 3 };
}

/** Grey as [H,W,3]. */
function repeated(grey: Float32Array): Float32Array {
  return Float32Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)] as number);
}
