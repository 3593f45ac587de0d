import { compile } from '../../client/engine/layers/compile.ts';
import { blocksOf, IMAGE, LANES, type Layer, macsPerPixel, outputScale } from '../../client/engine/layers/network.ts';
import type { ModelFiles } from '../../models/engine.ts';
import type { Work } from './roof.ts';

/** Per megapixel of the image, each value read and written once. */
export function workOf(layer: Layer, valueBytes: number): Work {
  const { source, inputChannels, outputChannels, residual, scale, unshuffle } = layer;
  const input =
    source === IMAGE ? inputChannels * 4 : (blocksOf(inputChannels) * LANES * valueBytes) / (scale / unshuffle) ** 2;
  const output = (blocksOf(outputChannels) * LANES * valueBytes) / outputScale(layer) ** 2;
  return { gflop: (2 * macsPerPixel(layer)) / 1000, megabytes: input + output * (residual ? 2 : 1) };
}

/** Of all layers; of a graph that is none of the tiers, its operations alone. */
export function layersOf(files: ModelFiles, valueBytes: number): Work[] {
  try {
    return compile(files).layers.map((layer) => workOf(layer, valueBytes));
  } catch {
    return [{ gflop: 2 * files.card.gmacsPerMegapixel, megabytes: 0 }];
  }
}
