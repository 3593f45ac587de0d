import { onTestFinished, vi } from 'vitest';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import type { NetworkCard } from '../../models/card.ts';
import { denoiseSamples } from '../../models/denoise.ts';
import type { ModelFiles, TileEngine } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import { GraphBuilder } from '../client/layers/graphs.ts';
import { watchedAdapter } from './device.ts';

/** denoised = image + 3x3(1x1(image)), with a halo that is more than it needs. */
export function network(channels: 1 | 3, { blind = false } = {}): ModelFiles {
  const inputs = channels + (blind ? 0 : 1);
  const graph = new GraphBuilder(inputs);
  graph.convolution('head', 'image', { kernel: 1, inputs, outputs: 4 });
  graph.convolution('tail', 'head', { kernel: 3, inputs: 4, outputs: channels });
  if (!blind) graph.slice('colours', 'image', channels);
  graph.sum('denoised', blind ? 'image' : 'colours', 'tail');
  const { card, ...files } = graph.files(channels, { blind });
  return { ...files, card: { ...card, halo: { exact: 8, measured: 8 }, sizeMultiple: 8 } };
}

/** Until the test ends; `replace` changes what the shaders say. */
export async function open(files = network(3), replace = (code: string) => code) {
  const watched = await watchedAdapter();
  replaceShaders(watched.adapter, replace);
  const engine = await openWgsl(watched.adapter, files, []);
  onTestFinished(() => engine.dispose());
  return { ...watched, engine, card: files.card };
}

export const source = (engine: TileEngine, maxTilePixels = 40 * 40) => ({
  name: engine.name,
  maxTilePixels,
  open: async () => engine,
});

/** The engine without the part that takes pictures. */
const inWindows = ({ name, run, dispose }: TileEngine): TileEngine => ({ name, run, dispose });

type Options = Parameters<typeof denoiseSamples>[3];
export const denoise = (engine: TileEngine, card: NetworkCard, image: RasterImage, options: Options = {}) =>
  denoiseSamples(image, card, [source(engine)], { ...(card.sigma.kind === 'map' && { sigma: 25 }), ...options });

/** Residuals of both ways, and whether the engine took the picture. */
export async function bothWays(engine: TileEngine, card: NetworkCard, image: RasterImage) {
  const run = vi.spyOn(engine, 'run');
  const taken = await denoise(engine, card, image);
  const wasTaken = run.mock.calls.length === 0;
  run.mockRestore();
  return { taken: taken.residual, cut: (await denoise(inWindows(engine), card, image)).residual, wasTaken };
}

function replaceShaders(adapter: GPUAdapter, replace: (code: string) => string): void {
  const requestDevice = adapter.requestDevice;
  adapter.requestDevice = async (options) => {
    const device = await requestDevice(options);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => createShaderModule({ code: replace(code) });
    return device;
  };
}
