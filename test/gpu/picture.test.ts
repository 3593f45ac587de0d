import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { GpuEngine } from '../../client/engine/watch-device.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import type { NetworkCard } from '../../models/card.ts';
import { denoiseSamples } from '../../models/denoise.ts';
import type { ModelFiles, TileEngine } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import { tileImage } from '../../models/residual.ts';
import { planTiles, type Rectangle } from '../../models/tiles.ts';
import { GraphBuilder } from '../client/wgsl/graphs.ts';
import { largestDifference, randomRaster } from '../models/pictures.ts';
import { watchedAdapter } from './device.ts';

const opened: GpuEngine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose();
});

/** denoised = image + 3x3(1x1(image)), with a halo that is more than it needs. */
function network(channels: 1 | 3, { blind = false } = {}): ModelFiles {
  const inputs = channels + (blind ? 0 : 1);
  const graph = new GraphBuilder(inputs);
  graph.convolution('head', 'image', { kernel: 1, inputs, outputs: 4 });
  graph.convolution('tail', 'head', { kernel: 3, inputs: 4, outputs: channels });
  if (!blind) graph.slice('colours', 'image', channels);
  graph.sum('denoised', blind ? 'image' : 'colours', 'tail');
  const { card, ...files } = graph.files(channels, { blind });
  return { ...files, card: { ...card, halo: { exact: 8, measured: 8 }, sizeMultiple: 8 } };
}

async function open(files = network(3)) {
  const watched = await watchedAdapter();
  const engine = await openWgsl(watched.adapter, files, []);
  opened.push(engine);
  // its test of itself is over
  await denoise(engine, files.card, randomRaster(24, 24, 3));
  return { ...watched, engine, card: files.card };
}

const source = (engine: TileEngine, maxTilePixels = 40 * 40) => ({
  name: engine.name,
  maxTilePixels,
  open: async () => engine,
});

/** The engine without the part that takes pictures. */
const inWindows = ({ name, run, dispose }: TileEngine): TileEngine => ({ name, run, dispose });

type Options = Parameters<typeof denoiseSamples>[3];
const denoise = (engine: TileEngine, card: NetworkCard, image: RasterImage, options: Options = {}) =>
  denoiseSamples(image, card, [source(engine)], { ...(card.sigma.kind === 'map' && { sigma: 25 }), ...options });

/** Residuals of both ways, and whether the engine took the picture. */
async function bothWays(engine: TileEngine, card: NetworkCard, image: RasterImage) {
  const run = vi.spyOn(engine, 'run');
  const taken = await denoise(engine, card, image);
  const wasTaken = run.mock.calls.length === 0;
  run.mockRestore();
  return { taken: taken.residual, cut: (await denoise(inWindows(engine), card, image)).residual, wasTaken };
}

function shareOfDifferent(a: Int16Array, b: Int16Array): number {
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0) / a.length;
}

/** px: several windows with a rest on both sides, less than a window and than the network's multiple, a line, a point. */
const SIZES = [
  [91, 53],
  [13, 21],
  [3, 2],
  [1, 37],
  [1, 1],
] as const;

let forColours: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  forColours = await open();
  opened.pop();
  return () => forColours.engine.dispose();
});

const KINDS = [1, 2, 3, 4].flatMap((channels) => [8, 16].map((depth) => [channels, depth] as const));

test.each(KINDS)(
  '%d channels of %d bits: the residual is that of windows cut in JavaScript',
  async (channels, depth) => {
    const { engine, card } = forColours;
    for (const [width, height] of SIZES) {
      const image = randomRaster(width, height, channels as RasterImage['channels'], depth as 8 | 16);
      // nothing is fully transparent: that would be filled, and no longer be samples
      if (channels % 2 === 0) for (let i = channels - 1; i < image.data.length; i += channels) image.data[i] ||= 1;
      const { taken, cut, wasTaken } = await bothWays(engine, card, image);
      expect(wasTaken).toBe(true);
      expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
      // float32 where JavaScript has doubles, just where a step begins
      if (width > 90) expect(shareOfDifferent(taken, cut)).toBeLessThan(0.003);
    }
  },
);

test('what lies under transparent pixels is filled, and goes to the GPU as floats', async () => {
  const { engine, card } = forColours;
  const image = randomRaster(91, 53, 4);
  for (let i = 3; i < 4000; i += 8) image.data[i] = 0;
  const { taken, cut, wasTaken } = await bothWays(engine, card, image);
  expect(wasTaken).toBe(true);
  expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
});

test('a blind network, and one for grey; colours in one for grey are three answers and go as windows', async () => {
  for (const [files, channels, isTaken] of [
    [network(3, { blind: true }), 3, true],
    [network(1), 1, true],
    [network(1, { blind: true }), 2, true],
    [network(1), 3, false],
  ] as const) {
    const { engine, card } = await open(files);
    const { taken, cut, wasTaken } = await bothWays(engine, card, randomRaster(91, 53, channels));
    expect(wasTaken).toBe(isTaken);
    expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
  }
});

/** A network that answers `code`, of each `pixel` of a black picture of 8 x 8. */
async function residualOf(code: string, steps = 32767): Promise<number[]> {
  const { adapter } = await watchedAdapter();
  replaceShaders(adapter, (shader) =>
    shader
      .replace('const STEPS = 32767.0;', `const STEPS = ${steps}.0;`)
      .replace('+ channel] = value;', `+ channel] = ${code};`),
  );
  const { card, ...files } = network(1);
  const engine = await openWgsl(adapter, { card, ...files }, []);
  opened.push(engine);
  const black: RasterImage = { data: new Uint8Array(64), width: 8, height: 8, channels: 1, depth: 8 };
  return [...(await denoise(engine, card, black)).residual];
}

test('halves of a step go up, as those of Math.round do', async () => {
  // on a scale on which halves are exact
  const residual = await residualOf('(32.0 - f32(pixel)) / 65536.0', 32768);
  expect(residual).toEqual(residual.map((_, pixel) => Math.round((pixel - 32) / 2) + 0));
});

test('what is beyond -1..1 is cut there', async () => {
  const residual = await residualOf('(32.0 - f32(pixel)) / 16.0');
  expect(residual).toEqual(
    residual.map((_, pixel) => Math.round(Math.max(-1, Math.min(1, (pixel - 32) / 16)) * 32767) + 0),
  );
});

test('hundreds of tiles leave no buffer behind, and come out the same again', async () => {
  const { engine, card, buffers } = await open();
  const image = randomRaster(160, 80, 3);
  const during = new Set<number>();
  const run = (maxTilePixels: number) =>
    denoiseSamples(image, card, [source(engine, maxTilePixels)], {
      sigma: 25,
      onTile: () => void during.add(buffers.size),
    });
  const first = await run(24 * 24);
  expect(first.plan?.tiles).toHaveLength(144);
  // weights, and for the tile: image, result, one that layers share, the grids
  expect(buffers.size).toBe(5);
  // and for the picture: samples, the part, its residual, and two to read from
  expect(Math.max(...during)).toBe(10);
  expect((await run(40 * 40)).residual).toEqual(first.residual);
  expect((await run(24 * 24)).residual).toEqual(first.residual);
  expect(buffers.size).toBe(5);
  engine.dispose();
  expect(buffers.size).toBe(0);
});

test('the picture is uploaded once, and of its residual comes back what the tile answers for', async () => {
  const { engine, card, devices } = await open();
  const write = vi.spyOn((devices[0] as GPUDevice).queue, 'writeBuffer');
  const map = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
  const image = randomRaster(160, 80, 3);
  const { plan } = await denoise(engine, card, image);
  // not what device.ts fills buffers with
  const written = write.mock.calls.map(([, , data]) => data).filter((data) => !(data instanceof Float32Array));
  const sizes = written.map(({ byteLength }) => byteLength);
  // the picture, the tile's grid, and of each part where it is and that nothing is wrong yet
  expect(sizes).toEqual([160 * 80 * 3, 8, ...(plan?.tiles ?? []).flatMap(() => [80, 4])]);
  expect(map.mock.calls.map(([, , bytes]) => bytes)).toEqual(
    plan?.tiles.map(({ width, height }) => 4 + 4 * Math.ceil((width * 3) / 2) * height),
  );
  map.mockRestore();
});

test('two tiles are under way: the second is submitted before the first is read', async () => {
  const { engine, card, devices } = await open();
  const happened: string[] = [];
  const device = devices[0] as GPUDevice;
  const submit = device.queue.submit.bind(device.queue);
  vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
    happened.push('submit');
    return submit(commands);
  });
  const { plan } = await denoise(engine, card, randomRaster(160, 80, 3), { onTile: () => void happened.push('tile') });
  expect(happened.slice(0, 3)).toEqual(['submit', 'submit', 'tile']);
  expect(happened).toHaveLength(2 * (plan?.tiles.length ?? 0));
});

test('numbers that are none fail the engine, which writes nothing', async () => {
  const { adapter } = await watchedAdapter();
  // one pixel, where the picture is bright
  const broken = 'if (pixel == 700u && residual[0] > 0.5) { sum *= 3e38; sum *= 3e38; }';
  replaceShaders(adapter, (code) =>
    code.replace('channel: u32, sum: f32) {', `channel: u32, sent: f32) { var sum = sent; ${broken}`),
  );
  const { card, ...files } = network(3);
  const engine = await openWgsl(adapter, { card, ...files }, []);
  opened.push(engine);
  const image: RasterImage = {
    data: new Uint8Array(80 * 40 * 3).fill(255),
    width: 80,
    height: 40,
    channels: 3,
    depth: 8,
  };
  await expect(denoise(engine, card, image)).rejects.toThrow(/finite numbers/);
  const taken = await takePicture(engine, card, image);
  const residual = new Int16Array(image.data.length);
  await expect(taken.run(taken.plan.tiles[0] as Rectangle, residual)).resolves.toBe(false);
  expect(residual.every((value) => value === 0)).toBe(true);
  taken.release();
  // it says so of the very tile
  const dark = await takePicture(engine, card, { ...image, data: new Uint8Array(image.data.length) });
  await expect(dark.run(dark.plan.tiles[0] as Rectangle, residual)).resolves.toBe(true);
  dark.release();
});

test('a device that is lost with two tiles under way fails both, and all later ones', async () => {
  const { engine, card, devices, buffers } = await open();
  const image = randomRaster(256, 512, 3);
  const taken = await takePicture(engine, card, image);
  const residual = new Int16Array(256 * 512 * 3);
  const [first, second] = taken.plan.tiles as [Rectangle, Rectangle];
  const running = Promise.allSettled([taken.run(first, residual), taken.run(second, residual)]);
  devices[0]?.destroy();
  for (const { status } of await running) expect(status).toBe('rejected');
  expect(engine.lost).toBe(true);
  await expect(taken.run(first, residual)).rejects.toMatchObject({ code: 'engine-failed' });
  taken.release();
  await expect(takePicture(engine, card, image)).rejects.toMatchObject({ code: 'engine-failed' });
  expect(residual.every((value) => value === 0)).toBe(true);
  engine.dispose();
  expect(buffers.size).toBe(0);
});

test.each([1, 2])('what the GPU refuses at submission %d fails the tiles that are under way', async (order) => {
  const { engine, card, devices } = await open();
  const device = devices[0] as GPUDevice;
  const taken = await takePicture(engine, card, randomRaster(256, 512, 3));
  const residual = new Int16Array(256 * 512 * 3);
  const [first, second] = taken.plan.tiles as [Rectangle, Rectangle];
  const submit = device.queue.submit.bind(device.queue);
  let submitted = 0;
  vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
    // without any usage: an error, of which nobody knows whose it is
    if (++submitted === order) device.createBuffer({ size: 4, usage: 0 });
    return submit(commands);
  });
  const runs = [taken.run(first, residual), taken.run(second, residual)].slice(0, order);
  for (const { status } of await Promise.allSettled(runs)) expect(status).toBe('rejected');
  expect(cornerOf(residual, first)).toBe(0);
  await expect(taken.run(first, residual)).resolves.toBe(true);
  expect(cornerOf(residual, first)).not.toBe(0);
  taken.release();
});

test('an abort with two tiles under way leaves nothing behind', async () => {
  const { engine, card, buffers } = await open();
  const abort = new AbortController();
  const reason = new Error('the visitor left');
  const running = denoise(engine, card, randomRaster(160, 80, 3), {
    signal: abort.signal,
    onTile: () => abort.abort(reason),
  });
  await expect(running).rejects.toBe(reason);
  expect(buffers.size).toBe(5);
  // and the next picture comes out right
  const { taken, cut } = await bothWays(engine, card, randomRaster(91, 53, 3));
  expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
});

test.each([
  [
    'is larger than a binding may be',
    (device: GPUDevice) =>
      Object.defineProperty(device, 'limits', {
        value: { maxStorageBufferBindingSize: 14_000, maxBufferSize: 2 ** 28 },
      }),
  ],
  [
    'finds no room on the GPU',
    (device: GPUDevice) => Object.assign(device, { popErrorScope: async () => new GPUOutOfMemoryError('full') }),
  ],
])('a picture that %s goes window by window', async (_, limit) => {
  const { engine, card, devices, buffers } = await open();
  limit(devices[0] as GPUDevice);
  const { cut, taken, wasTaken } = await bothWays(engine, card, randomRaster(91, 53, 3));
  expect(wasTaken).toBe(false);
  expect(taken).toEqual(cut);
  expect([...buffers].map(({ label }) => label)).not.toContain('picture');
});

/** The first value of a tile of a colour picture that is 256 px wide. */
const cornerOf = (residual: Int16Array, { x, y }: Rectangle) => residual[(y * 256 + x) * 3];

test('kernels that cut or subtract wrongly leave it to JavaScript', async () => {
  for (const [right, wrong] of [
    ['samples[index / 2u]', 'samples[index / 2u + 1u]'],
    ['folded < side', 'folded <= side'],
    ['<< 16u', '<< 8u'],
  ] as const) {
    const { adapter } = await watchedAdapter();
    replaceShaders(adapter, (code) => code.replace(right, wrong));
    const { card, ...files } = network(3);
    const engine = await openWgsl(adapter, { card, ...files }, []);
    opened.push(engine);
    const { cut, taken, wasTaken } = await bothWays(engine, card, randomRaster(13, 21, 3));
    expect([wasTaken, taken]).toEqual([false, cut]);
  }
});

async function takePicture(engine: TileEngine, card: NetworkCard, image: RasterImage) {
  const noisy = tileImage(image);
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  const plan = planTiles(image.width, image.height, needs, { maxTilePixels: 256 * 272 });
  const taken = await engine.takePicture?.({ noisy, plan, channels: [0, 1, 2], sigma: 25 });
  if (!taken) throw new Error('Expected the picture to be taken');
  return { ...taken, plan };
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
