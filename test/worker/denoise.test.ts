import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLeaves } from '../../cli/evaluation/scenes.ts';
import type { NetworkCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import { type FloatImage, fromRaster, type RasterImage, toRaster } from '../../models/image.ts';
import { psnr } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { buildPng, chunk, plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem, postPng, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const limits = { maxBytes: 2 ** 24, maxPixels: 2 ** 20 };
const card = findCard('fast') as NetworkCard;
const float = (image: RasterImage): FloatImage => fromRaster(image).colour;

async function denoised(file: Uint8Array<ArrayBuffer>, query = '') {
  const response = await postPng(edge, file, query);
  const body = new Uint8Array(await response.arrayBuffer());
  expect(response.status, new TextDecoder().decode(body.subarray(0, 400))).toBe(200);
  return { headers: response.headers, ...decodePng(body, limits) };
}

function noisyScene(side: number, sigma: number, seed: number) {
  const clean = deadLeaves(side, side, seed);
  return { clean, noisy: toRaster(addGaussian(clean, sigma, { seed, eightBit: true }), undefined, 8) };
}

describe('noise goes', () => {
  /** dB, mean over scenes. The published weights gain about 11. */
  const MIN_GAIN = 8;

  test('sigma 25 on 256 x 256, estimated and given', async () => {
    const gains = { auto: 0, 25: 0 };
    const seeds = [1, 2];
    for (const seed of seeds) {
      const { clean, noisy } = noisyScene(256, 25, seed);
      const before = psnr(clean, float(noisy));
      const file = await encodePng(noisy);
      for (const sigma of ['auto', '25'] as const) {
        const { image, headers } = await denoised(file, `?model=fast&sigma=${sigma}&strength=1`);
        gains[sigma] += (psnr(clean, float(image)) - before) / seeds.length;
        expect(Number(headers.get('degrain-sigma'))).toBeGreaterThan(20);
        expect(Number(headers.get('degrain-sigma'))).toBeLessThan(30);
      }
    }
    expect(gains[25]).toBeGreaterThan(MIN_GAIN);
    expect(gains.auto).toBeGreaterThan(MIN_GAIN);
  });
});

describe('every family of denoisers', () => {
  test('a filter, which has no weights', async () => {
    const { clean, noisy } = noisyScene(64, 25, 3);
    const { image, headers } = await denoised(await encodePng(noisy), '?model=median&sigma=25');
    expect(psnr(clean, float(image))).toBeGreaterThan(psnr(clean, float(noisy)) + 2);
    expect(headers.get('degrain-model')).toBe('median@1.0.0');
    expect(headers.get('degrain-sigma')).toBe('25.00');
  });

  test('an autoencoder, which is blind and takes one size', async () => {
    const { headers, image } = await denoised(plainPng(28, 28), '?model=dense-mnist');
    expect([image.width, image.height]).toEqual([28, 28]);
    expect(headers.has('degrain-sigma')).toBe(false);
    expect(headers.get('degrain-model')).toMatch(/^dense-mnist@\d+\.\d+\.\d+; sha256=[0-9a-f]{64}$/);
    const other = await postPng(edge, plainPng(28, 27), '?model=dense-mnist');
    expect((await expectProblem(other, 400, 'bad-request')).expected).toContain('28 x 28 pixels');
    const told = await postPng(edge, plainPng(28, 28), '?model=dense-mnist&sigma=25');
    expect((await expectProblem(told, 400, 'bad-request')).expected).toContain('finds the noise itself');
  });

  test('what is too large for the edge is refused before it is read', async () => {
    const problem = await expectProblem(await postPng(edge, plainPng(8, 8), '?model=bm3d'), 400, 'model-not-at-edge');
    expect(problem.expected).toContain('fast@');
    expect(problem.expected).not.toContain('bm3d');
    expect(problem.received).toBe('bm3d@1.0.0');
  });
});

test('the answer says what was done', async () => {
  const { headers } = await denoised(plainPng(50, 40), '?sigma=12.5');
  const weights = card.files.find(({ role }) => role === 'weights-f16');
  expect(headers.get('content-type')).toBe('image/png');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('degrain-model')).toBe(`fast@${card.version}; sha256=${weights?.sha256}`);
  expect(headers.get('degrain-sigma')).toBe('12.50');
  expect(headers.get('degrain-megapixels')).toBe('0.002');
  const laps = [...(headers.get('server-timing') ?? '').matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => [
    name,
    ms,
  ]);
  expect(laps.map(([name]) => name)).toEqual([
    'receive',
    'wait',
    'decode',
    'estimate',
    'open',
    'tiles',
    'encode',
    'denoise',
    'ledger',
  ]);
  const ms = Object.fromEntries(laps);
  // waiting for the ledger is not what computing took, too
  expect(Number(ms.ledger)).toBeLessThan(Number(ms.denoise));
  expect(headers.get('access-control-expose-headers')).toMatch(/Degrain-Sigma.*Server-Timing/);
});

describe('images keep their form', () => {
  const random = (length: number, most: number) => Array.from({ length }, (_, i) => (i * 7919) % (most + 1));

  test.each([
    { name: '1-bit grey', depth: 1, colour: 0, samples: 1, channels: 1, out: 8 },
    { name: '8-bit grey', depth: 8, colour: 0, samples: 1, channels: 1, out: 8 },
    { name: '16-bit grey', depth: 16, colour: 0, samples: 1, channels: 1, out: 16 },
    { name: '8-bit grey and alpha', depth: 8, colour: 4, samples: 2, channels: 2, out: 8 },
    { name: '8-bit RGB', depth: 8, colour: 2, samples: 3, channels: 3, out: 8 },
    { name: '16-bit RGB', depth: 16, colour: 2, samples: 3, channels: 3, out: 16 },
    { name: '8-bit RGBA', depth: 8, colour: 6, samples: 4, channels: 4, out: 8 },
    { name: '16-bit RGBA', depth: 16, colour: 6, samples: 4, channels: 4, out: 16 },
  ])('$name', async ({ depth, colour, samples, channels, out }) => {
    const [width, height] = [21, 13];
    const shape = { width, height, depth, colour, samples: random(width * height * samples, 2 ** depth - 1) };
    for (const interlaced of [false, true]) {
      const file = buildPng({ ...shape, interlaced });
      const { image } = await denoised(file, '?sigma=20');
      expect(image).toMatchObject({ width, height, channels, depth: out });
      const before = decodePng(file, limits).image;
      expect(image.data).not.toEqual(before.data);
      expect(fromRaster(image).alpha).toEqual(fromRaster(before).alpha);
    }
  });

  test('a palette becomes RGB', async () => {
    const palette = chunk('PLTE', random(768, 255));
    const shape = { width: 16, height: 16, depth: 8, colour: 3, samples: random(256, 255) };
    expect((await denoised(buildPng(shape, [palette]), '?sigma=20')).image.channels).toBe(3);
  });

  test('16 bits are more than 8', async () => {
    const samples = Array.from({ length: 32 * 32 }, (_, i) => 20000 + ((i * 7919) % 97));
    const file = buildPng({ width: 32, height: 32, depth: 16, colour: 0, samples });
    const { image } = await denoised(file, '?sigma=1');
    expect(new Set(Array.from(image.data, (value) => value & 0xff)).size).toBeGreaterThan(20);
  });

  test('profile, resolution and EXIF come back as they were', async () => {
    const kept = [
      chunk('iCCP', [65, 0, 0, 1, 2, 3]),
      chunk('pHYs', [0, 0, 11, 19, 0, 0, 11, 19, 1]),
      chunk('eXIf', [77, 77]),
    ];
    expect((await denoised(plainPng(9, 9, [...kept, chunk('tEXt', [65, 0, 66])]), '?sigma=20')).kept).toEqual(kept);
  });

  test.each([
    [1, 1],
    [1, 300],
    [300, 1],
    [257, 255],
    [3, 21845],
  ] as const)('%i x %i', async (width, height) => {
    const { image } = await denoised(plainPng(width, height), '?sigma=20');
    expect(image).toMatchObject({ width, height });
  });
});

describe('the mix', () => {
  const { noisy } = noisyScene(48, 25, 9);

  test('at strength 0 the image comes back as it was', async () => {
    expect((await denoised(await encodePng(noisy), '?sigma=25&strength=0')).image).toEqual(noisy);
  });

  test('luma and chroma are taken apart', async () => {
    const file = await encodePng(noisy);
    const full = (await denoised(file, '?sigma=25')).image;
    const onlyChroma = (await denoised(file, '?sigma=25&luma=0')).image;
    const onlyLuma = (await denoised(file, '?sigma=25&chroma=0')).image;
    const luma = ({ data }: RasterImage, i: number) =>
      0.2126 * (data[i] as number) + 0.7152 * (data[i + 1] as number) + 0.0722 * (data[i + 2] as number);
    let [moved, total] = [0, 0];
    for (let i = 0; i < noisy.data.length; i += 3) {
      moved += Math.abs(luma(onlyChroma, i) - luma(noisy, i));
      total += Math.abs(luma(full, i) - luma(noisy, i));
    }
    expect(moved).toBeLessThan(total / 10);
    expect(onlyLuma).not.toEqual(full);
    expect(onlyLuma).not.toEqual(onlyChroma);
  });

  test('sigma 0 changes nothing, and neither does a clean image', async () => {
    const file = await encodePng(noisy);
    expect((await denoised(file, '?sigma=0')).image).toEqual(noisy);
    const flat = { ...noisy, data: new Uint8Array(noisy.data.length).fill(90) };
    const { image, headers } = await denoised(await encodePng(flat));
    expect(headers.get('degrain-sigma')).toBe('0.00');
    expect(image).toEqual(flat);
  });
});

test('one image gives one answer, alone or among others at the same time', async () => {
  const files = await Promise.all([1, 2, 3, 4].map((seed) => encodePng(noisyScene(40 + seed * 8, 25, seed).noisy)));
  const alone = [];
  for (const file of files) alone.push((await denoised(file, '?sigma=25')).image);
  const together = await Promise.all(files.map((file) => denoised(file, '?sigma=25')));
  expect(together.map(({ image }) => image)).toEqual(alone);
});

test('more images than can wait are sent away, and the next ones are served', async () => {
  const file = await encodePng(noisyScene(128, 25, 5).noisy);
  // wrangler's own fetch takes a 503 for a restart of the worker, and tries again
  const send = () =>
    fetch(new URL('/v1/denoise?sigma=25', edge.url), {
      method: 'POST',
      body: file,
      headers: { ...secret, 'content-type': 'image/png' },
    });
  const responses = await Promise.all(Array.from({ length: 24 }, send));
  const busy = responses.filter(({ status }) => status === 503);
  const served = responses.filter(({ status }) => status === 200);
  // how many depends on the machine: one inside and those whose turn comes in time
  expect(served.length).toBeGreaterThan(0);
  expect(busy.length).toBeGreaterThan(0);
  expect(served.length + busy.length).toBe(24);
  expect(busy[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
  await expectProblem(busy[0] as (typeof busy)[number], 503, 'busy');
  expect((await postPng(edge, plainPng(8, 8), '?sigma=5')).status).toBe(200);
});

test("a page's key will do", async () => {
  const init = { method: 'POST', body: plainPng(4, 4), headers: { 'content-type': 'image/png' } };
  expect((await edge.fetch('/v1/denoise?key=pk_local&sigma=5', init)).status).toBe(200);
});

test.each([
  'sigma=',
  'sigma=NaN',
  'sigma=-1',
  'sigma=56',
  'sigma=1e1',
  'sigma=Infinity',
  'sigma=0x10',
  'sigma=auto&sigma=5',
  'strength=1.01',
  'strength=-0.1',
  'strength=',
  'strength=all',
  'luma=2',
  'chroma=NaN',
  'model=',
  'model=../fast',
])('?%s is refused', async (query) => {
  const problem = await expectProblem(await postPng(edge, plainPng(4, 4), `?${query}`), 400, 'bad-request');
  expect(problem.expected).toContain(query.split('=')[0]);
});

test('an unknown model is not found', async () => {
  await expectProblem(await postPng(edge, plainPng(4, 4), '?model=sharpest'), 404, 'not-found');
});

test.each(['image/jpg', 'application/octet-stream', 'text/html', 'image/png2', ''])(
  'a file sent as "%s" is refused',
  async (type) => {
    const response = await postPng(edge, plainPng(4, 4), '', type);
    expect(response.headers.get('accept')).toBe('image/png, image/jpeg');
    await expectProblem(response, 415, 'unsupported-media-type');
  },
);

test('the media type may have parameters and any case', async () => {
  expect((await postPng(edge, plainPng(4, 4), '?sigma=5', 'Image/PNG; charset=binary')).status).toBe(200);
});
