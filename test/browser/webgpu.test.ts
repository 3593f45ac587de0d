import { gzipSync } from 'node:zlib';
import type { Browser, JSHandle, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Denoiser, EngineName } from '../../client/index.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';
import { serveToy } from './toy-model.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium()]);
});
beforeEach(async () => {
  page = await openPage(browser, edge);
  return () => page.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const create = (engine: 'auto' | EngineName[]) =>
  page.evaluateHandle((engine) => window.degrain.createDenoiser({ key: 'pk_local', engine }), engine);

/** Which engine ran, and whether the picture is half as bright, as toy-model.ts makes it. */
const denoise = (denoiser: JSHandle<Denoiser>) =>
  denoiser.evaluate(async (denoiser) => {
    const { noisy } = window.probe.scene(64, 48, 25);
    const { image, engine } = await denoiser.denoise(noisy, { sigma: 25 });
    const isHalf = noisy.data.every(
      (value, i) => i % 4 === 3 || Math.abs((image.data[i] as number) - value / 2) <= 0.5,
    );
    return { engine, isHalf };
  });

test.each(['wgsl', 'tfjs-webgpu'] as const)(
  '%s that passes its self-test runs the picture, and gives way to wasm when its device is lost',
  async (name) => {
    await serveToy(page, edge);
    const started = page.waitForEvent('worker');
    const denoiser = await create([name, 'wasm']);
    const worker = await started;
    await worker.evaluate(() => {
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...options) {
        const device = await requestDevice.apply(this, options);
        Object.assign(self, { device });
        return device;
      };
    });
    expect(await denoise(denoiser)).toEqual({ engine: name, isHalf: true });

    await worker.evaluate(() => {
      const post = self.postMessage.bind(self) as (message: unknown, options: object) => void;
      // before the first tile runs
      const spy = (message: { event?: { progress?: { stage: string; done: number } } }, options: object) => {
        const { stage, done } = message.event?.progress ?? {};
        if (stage === 'tiles' && done === 0) (self as unknown as { device: GPUDevice }).device.destroy();
        post(message, options);
      };
      Object.assign(self, { postMessage: spy });
    });
    expect(await denoise(denoiser)).toEqual({ engine: 'wasm', isHalf: true });
  },
);

test('WebGPU that fails its self-test gives way to wasm, and is not tried again', async () => {
  await serveToy(page, edge, { goldenIsRight: false });
  const started = page.waitForEvent('worker');
  const denoiser = await create(['wgsl', 'tfjs-webgpu', 'wasm']);
  const worker = await started;
  await worker.evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype;
    Object.assign(self, { devices: 0 });
    GPUAdapter.prototype.requestDevice = function (...options) {
      (self as unknown as { devices: number }).devices++;
      return requestDevice.apply(this, options);
    };
  });
  expect(await denoise(denoiser)).toEqual({ engine: 'wasm', isHalf: true });
  expect(await denoise(denoiser)).toEqual({ engine: 'wasm', isHalf: true });
  // one for each of the two
  expect(await worker.evaluate('self.devices')).toBe(2);
});

test('wgsl is given pictures as samples, and they come out as from wasm', async () => {
  await serveToy(page, edge);
  const started = page.waitForEvent('worker');
  const ours = await create(['wgsl']);
  const worker = await started;
  const theirs = await create(['wasm']);
  await worker.evaluate(() => {
    const { createBuffer } = GPUDevice.prototype;
    const pictures: number[] = [];
    Object.assign(self, { pictures });
    GPUDevice.prototype.createBuffer = function (descriptor) {
      if (descriptor.label === 'picture') pictures.push(descriptor.size);
      return createBuffer.call(this, descriptor);
    };
  });
  for (const [channels, depth] of [
    [1, 8],
    [3, 16],
    [4, 8],
  ] as const) {
    const denoised = await Promise.all(
      [ours, theirs].map((denoiser) =>
        denoiser.evaluate(
          async (denoiser, [channels, depth]) => {
            const length = 75 * 53 * channels;
            const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
            // no pixel is fully transparent: what lies under such a one is filled, as floats
            for (let i = 0; i < length; i++) data[i] = ((i * 7919) % (2 ** depth - 1)) + 1;
            const { image } = await denoiser.denoise({ data, width: 75, height: 53, channels, depth }, { sigma: 25 });
            return Array.from(image.data as Uint8Array);
          },
          [channels, depth] as const,
        ),
      ),
    );
    const [first = [], second = []] = denoised;
    expect(first).toHaveLength(75 * 53 * channels);
    const differences = first.map((value, i) => Math.abs(value - (second[i] as number)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(depth === 8 ? 1 : 257);
    const bytes = Math.ceil((first.length * depth) / 8 / 4) * 4;
    expect(await worker.evaluate('self.pictures.at(-1)')).toBe(bytes);
  }
});

test('wgsl comes without TF.js', async () => {
  await serveToy(page, edge);
  const denoiser = await create(['wgsl']);
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body());
  });
  expect(await denoise(denoiser)).toEqual({ engine: 'wgsl', isHalf: true });
  const bytes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(35 * 1024);
});

test('a model that is kept for times without a network brings both engines of the GPU along', async () => {
  const scripts: string[] = [];
  page.on('response', (response) => scripts.push(new URL(response.url()).pathname));
  await page.evaluate(() => window.degrain.keepModel('fast'));
  for (const name of ['tuned', 'webgpu']) {
    expect(scripts).toContainEqual(expect.stringMatching(new RegExp(`/${name}-[^/]+\\.js$`)));
  }
});

test('kernels of ours that compute wrongly on a GPU leave it to those of TF.js', async () => {
  await serveToy(page, edge);
  const started = page.waitForEvent('worker');
  const denoiser = await create(['wgsl', 'tfjs-webgpu', 'wasm']);
  const worker = await started;
  await worker.evaluate(() => {
    const { createShaderModule } = GPUDevice.prototype;
    GPUDevice.prototype.createShaderModule = function ({ code, ...rest }) {
      return createShaderModule.call(this, { ...rest, code: code.replace('sum + x.x * w0', 'sum + x.y * w0') });
    };
  });
  expect(await denoise(denoiser)).toEqual({ engine: 'tfjs-webgpu', isHalf: true });
  const [first] = (await denoiser.evaluate((denoiser) => denoiser.explain())).engines;
  expect(first).toMatchObject({
    engine: 'wgsl',
    reason: 'failed',
    error: 'engine-unavailable',
    why: expect.stringContaining('golden'),
  });
});

test('a GPU that is emulated on the processor is not chosen by itself', async () => {
  await serveToy(page, edge);
  expect((await denoise(await create('auto'))).engine).toBe('wasm');
});

test('a device that is lost in the middle leaves its finished tiles: the next engine does the rest', async () => {
  await serveToy(page, edge);
  const started = page.waitForEvent('worker');
  const denoiser = await create(['tfjs-webgpu', 'wasm']);
  const worker = await started;
  await worker.evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options);
      const post = self.postMessage.bind(self) as (message: unknown, options: object) => void;
      const spy = (message: { event?: { progress?: { stage: string; done: number } } }, options: object) => {
        const { stage, done } = message.event?.progress ?? {};
        if (stage === 'tiles' && done === 1) device.destroy();
        post(message, options);
      };
      Object.assign(self, { postMessage: spy });
      return device;
    };
  });
  const { engine, isHalf, tiles } = await denoiser.evaluate(async (denoiser) => {
    // two windows of the GPU's, more of wasm's
    const image = {
      data: new Uint8Array(2100 * 1100).fill(200),
      width: 2100,
      height: 1100,
      channels: 1,
      depth: 8,
    } as const;
    const tiles: { area: number; total: number }[] = [];
    const result = await denoiser.denoise(image, {
      sigma: 25,
      onTile: ({ tile, total }) => tiles.push({ area: tile.width * tile.height, total }),
    });
    return { engine: result.engine, tiles, isHalf: result.image.data.every((value) => value === 100) };
  });
  expect(engine).toBe('wasm');
  expect(isHalf).toBe(true);
  const [first, ...rest] = tiles;
  expect(first?.total).toBe(2);
  const total = rest[0]?.total as number;
  expect(total).toBeGreaterThan(4);
  // what the GPU has finished is not done again, but for tiles across the border
  expect(rest.length).toBeLessThan(0.8 * total);
});

test.each(['wgsl', 'tfjs-webgpu'] as const)(
  'pictures leave no buffers of %s behind, and dispose ends the worker with those that it keeps',
  async (name) => {
    await serveToy(page, edge);
    const started = page.waitForEvent('worker');
    const denoiser = await create([name]);
    const worker = await started;
    await worker.evaluate(() => {
      const alive = new Set<GPUBuffer>();
      const { createBuffer } = GPUDevice.prototype;
      GPUDevice.prototype.createBuffer = function (descriptor) {
        const buffer = createBuffer.call(this, descriptor);
        alive.add(buffer);
        return buffer;
      };
      const { destroy } = GPUBuffer.prototype;
      GPUBuffer.prototype.destroy = function () {
        alive.delete(this);
        return destroy.call(this);
      };
      Object.assign(self, { alive });
    });
    const alive = () => worker.evaluate('self.alive.size') as Promise<number>;
    await denoise(denoiser);
    const once = await alive();
    expect(once).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) await denoise(denoiser);
    expect(await alive()).toBeLessThanOrEqual(once);
    const ended = worker.waitForEvent('close');
    await denoiser.evaluate((denoiser) => denoiser.dispose());
    await ended;
    expect(page.workers()).toEqual([]);
  },
);

test('on what says that it is no emulated GPU, kernels are measured after the first picture, and the choice is kept', async () => {
  await serveToy(page, edge);
  /** A denoiser that takes SwiftShader for a GPU, and its picture. */
  const denoiseOnGpu = async () => {
    const started = page.waitForEvent('worker');
    const denoiser = await create(['wgsl']);
    const worker = await started;
    await worker.evaluate(() => {
      const info = { vendor: 'test', architecture: 'test', isFallbackAdapter: false };
      Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info });
    });
    expect(await denoise(denoiser)).toEqual({ engine: 'wgsl', isHalf: true });
    return denoiser;
  };
  const rows = () =>
    page.evaluate(async () => {
      const opening = indexedDB.open(window.probe.CHOICES);
      await new Promise((resolve) => {
        opening.onsuccess = resolve;
      });
      const reading = opening.result.transaction('choices').objectStore('choices');
      const [keys, values] = [reading.getAllKeys(), reading.getAll()];
      await new Promise((resolve) => {
        values.onsuccess = resolve;
      });
      opening.result.close();
      return keys.result.map((key, i) => ({ key: String(key), known: values.result[i] }));
    });
  const first = await denoiseOnGpu();
  // so small a network says nothing of the GPU's pace
  await expect.poll(async () => (await rows()).map(({ known }) => known.tries)).toEqual([0]);
  await first.evaluate((denoiser) => denoiser.dispose());
  const [{ key } = { key: '' }] = await rows();
  expect(key).toMatch(/^test test Chrome\/\d+ /);
  await page.evaluate((key) => window.probe.choices.keep(key, { rate: 1, tries: 0 }), key);

  const second = await denoiseOnGpu();
  await expect
    .poll(async () => (await rows())[0]?.known.build, { timeout: 30_000 })
    .toMatchObject({ arithmetic: 'f32' });
  expect(await denoise(second)).toEqual({ engine: 'wgsl', isHalf: true });
});
