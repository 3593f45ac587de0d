import { expect, test, vi } from 'vitest';
import type { NetworkCard } from '../../models/card.ts';
import { denoiseSamples } from '../../models/denoise.ts';
import type { TileEngine } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import { tileImage } from '../../models/residual.ts';
import { planTiles, type Rectangle } from '../../models/tiles.ts';
import { largestDifference, randomRaster } from '../models/pictures.ts';
import { bothWays, denoise, network, open, source } from './pictures.ts';

/** An engine whose test of its own kernels is over. */
async function openTested(replace?: (code: string) => string) {
  const opened = await open(network(3), replace);
  await denoise(opened.engine, opened.card, randomRaster(24, 24, 3));
  return opened;
}

test('hundreds of tiles leave no buffer behind, and come out the same again', async () => {
  const { engine, card, buffers } = await openTested();
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
  const { engine, card, devices } = await openTested();
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
  const { engine, card, devices } = await openTested();
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
  // one pixel, where the picture is bright
  const broken = 'if (pixel == 700u && residual[0] > 0.5) { sum *= 3e38; sum *= 3e38; }';
  const { engine, card } = await openTested((code) =>
    code.replace('channel: u32, sum: f32) {', `channel: u32, sent: f32) { var sum = sent; ${broken}`),
  );
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
  const { engine, card, devices, buffers } = await openTested();
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
  const { engine, card, devices } = await openTested();
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
  const ended = await Promise.allSettled([taken.run(first, residual), taken.run(second, residual)]);
  for (const { status } of ended.slice(0, order)) expect(status).toBe('rejected');
  expect(cornerOf(residual, first)).toBe(0);
  await expect(taken.run(first, residual)).resolves.toBe(true);
  expect(cornerOf(residual, first)).not.toBe(0);
  taken.release();
});

test('an abort with two tiles under way leaves nothing behind', async () => {
  const { engine, card, buffers } = await openTested();
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
  const { engine, card, devices, buffers } = await openTested();
  limit(devices[0] as GPUDevice);
  const { cut, taken, wasTaken } = await bothWays(engine, card, randomRaster(91, 53, 3));
  expect(wasTaken).toBe(false);
  expect(taken).toEqual(cut);
  expect([...buffers].map(({ label }) => label)).not.toContain('picture');
});

/** The first value of a tile of a colour picture that is 256 px wide. */
const cornerOf = (residual: Int16Array, { x, y }: Rectangle) => residual[(y * 256 + x) * 3];

async function takePicture(engine: TileEngine, card: NetworkCard, image: RasterImage) {
  const noisy = tileImage(image);
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  const plan = planTiles(image.width, image.height, needs, { maxTilePixels: 256 * 272 });
  const taken = await engine.takePicture?.({ noisy, plan, channels: [0, 1, 2], sigma: 25 });
  if (!taken) throw new Error('Expected the picture to be taken');
  return { ...taken, plan };
}
