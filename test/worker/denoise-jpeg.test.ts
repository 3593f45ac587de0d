import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLeaves } from '../../cli/evaluation/scenes.ts';
import { type FloatImage, fromRaster, type RasterImage, toRaster } from '../../models/image.ts';
import { psnr } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { buildPng, chunk, plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { openCodec } from './jpeg/codec-in-node.ts';
import { cases, cmyk, stored, twoPictures } from './jpeg/stored.ts';
import { expectProblem, post, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const limits = { maxBytes: 2 ** 22, maxPixels: 2 ** 20 };
const codec = openCodec();
const float = (image: RasterImage): FloatImage => fromRaster(image).colour;
const FINE = { quality: 95, colourQuality: 95, subsampled: false };
const JPEG = 'image/jpeg';
const PNG = 'image/png';

async function answer(file: Uint8Array<ArrayBuffer>, type: string, query = '', accept?: string) {
  const response = await post(edge, file, { query, type, accept });
  const body = new Uint8Array(await response.arrayBuffer());
  expect(response.status, new TextDecoder().decode(body.subarray(0, 400))).toBe(200);
  return { body, type: response.headers.get('content-type'), headers: response.headers };
}

test('noise goes from a JPEG', async () => {
  const clean = deadLeaves(128, 128, 4);
  const noisy = toRaster(addGaussian(clean, 25, { seed: 4, eightBit: true }), undefined, 8);
  const { body, type } = await answer(await codec.encode(noisy, FINE), JPEG, '?sigma=25');
  expect(type).toBe(JPEG);
  const { image, coding } = await codec.decode(body, limits);
  expect(psnr(clean, float(image))).toBeGreaterThan(psnr(clean, float(noisy)) + 6);
  expect(coding).toEqual(FINE);
});

test.each(cases)('$name keeps its form', async ({ file, width, height, channels }) => {
  const before = await codec.decode(file, limits);
  const after = await codec.decode((await answer(file, JPEG, '?sigma=20')).body, limits);
  expect(after.image).toMatchObject({ width, height, channels, depth: 8 });
  expect(after.kept).toEqual(before.kept);
  expect(after.coding.quality).toBeGreaterThanOrEqual(before.coding.quality);
});

test('at strength 0 the very file comes back, JPEG and PNG', async () => {
  for (const { file, name } of cases) {
    const { body } = await answer(file, JPEG, '?sigma=20&strength=0');
    expect(Buffer.compare(body, file), name).toBe(0);
  }
  const palette = chunk('PLTE', [0, 0, 0, 255, 0, 0, 9, 9, 9]);
  const shape = { width: 6, height: 6, depth: 2, colour: 3, samples: Array.from({ length: 36 }, (_, i) => i % 3) };
  const file = buildPng({ ...shape, interlaced: true }, [chunk('gAMA', [0, 0, 177, 143]), palette]);
  expect(Buffer.compare((await answer(file, PNG, '?sigma=20&luma=0&chroma=0')).body, file)).toBe(0);
});

test('of two pictures in a file the first is denoised', async () => {
  const { body } = await answer(twoPictures, JPEG, '?sigma=20');
  expect((await codec.decode(body, limits)).image).toMatchObject({ width: 37, height: 26 });
});

describe('the type of the answer', () => {
  const jpeg = stored('EXIF, profile and density').file;
  const png = plainPng(20, 10);

  test.each([
    [undefined, PNG, JPEG],
    ['*/*', PNG, JPEG],
    ['image/*', PNG, JPEG],
    ['image/jpeg', JPEG, JPEG],
    ['image/png', PNG, PNG],
    ['image/png, image/jpeg', PNG, JPEG],
    ['image/png;q=0.5, image/jpeg', JPEG, JPEG],
    ['text/html, IMAGE/PNG; q=0.9, */*;q=0.1', PNG, PNG],
    ['image/webp, image/*;q=0.8', PNG, JPEG],
    ['image/jpeg;q=0, */*', PNG, PNG],
  ])('Accept: %s', async (accept, ofPng, ofJpeg) => {
    expect((await answer(png, PNG, '?sigma=5', accept)).type).toBe(ofPng);
    expect((await answer(jpeg, JPEG, '?sigma=5', accept)).type).toBe(ofJpeg);
  });

  test.each(['text/html', 'image/webp', 'image/png;q=0, image/jpeg;q=0'])('Accept: %s is refused', async (accept) => {
    const response = await post(edge, png, { accept });
    const problem = await expectProblem(response, 406, 'not-acceptable');
    expect(problem.received).toBe(accept);
  });

  test('transparency and 16 bits are never lost', async () => {
    const samples = Array.from({ length: 64 }, (_, i) => (i * 7919) % 256);
    const clear = buildPng({ width: 4, height: 4, depth: 8, colour: 6, samples });
    const deep = buildPng({ width: 8, height: 8, depth: 16, colour: 0, samples: samples.map((s) => s * 257) });
    for (const [file, lost] of [
      [clear, 'transparency'],
      [deep, '16 bits'],
    ] as const) {
      const refused = await expectProblem(await post(edge, file, { accept: JPEG }), 406, 'not-acceptable');
      expect(refused.received).toContain(lost);
      // the second choice will do
      expect((await answer(file, PNG, '?sigma=5', 'image/jpeg, image/png;q=0.1')).type).toBe(PNG);
    }
    const opaque = buildPng({
      width: 4,
      height: 4,
      depth: 8,
      colour: 6,
      samples: samples.map((s, i) => (i % 4 === 3 ? 255 : s)),
    });
    expect((await answer(opaque, PNG, '?sigma=5', JPEG)).type).toBe(JPEG);
  });

  test('profile, EXIF and resolution go along, there and back', async () => {
    const asPng = decodePng((await answer(jpeg, JPEG, '?sigma=5', PNG)).body, limits);
    expect(asPng.kept.map(({ type }) => type)).toEqual(['iCCP', 'pHYs', 'eXIf']);
    const { body } = await answer(await encodePng(asPng.image, asPng.kept), PNG, '?sigma=5', JPEG);
    const { kept } = await codec.decode(body, limits);
    const before = (await codec.decode(jpeg, limits)).kept;
    const plain = (segments: typeof kept) => segments.map(({ data }) => Buffer.from(data).toString('latin1')).sort();
    expect(plain(kept)).toEqual(plain(before));
  });
});

describe('a dry run', () => {
  const dry = async (file: Uint8Array<ArrayBuffer>, type: string, query = '') => {
    const response = await post(edge, file, { query: `?dryRun=1${query}`, type, accept: 'application/json' });
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  };

  test('says what it would take, from the start of the file alone', async () => {
    const whole = plainPng(200, 100);
    const said = await dry(whole, PNG, '&model=photo');
    expect(said).toMatchObject({
      model: expect.stringMatching(/^photo@/),
      type: PNG,
      ...{ width: 200, height: 100, megapixels: 0.02, withinLimits: true, tiles: 1 },
      limits: { pixels: 65536, bytes: 1048576 },
      plan: { model: { id: 'photo' }, width: 200, height: 100 },
      links: { page: expect.stringContaining('/?model=photo') },
    });
    expect(said.gmacs).toBeGreaterThan(0.1);
    expect(said.peakBytes).toBeGreaterThan(1e5);
    expect(await dry(whole.slice(0, 33), PNG, '&model=photo')).toEqual(said);
    const { file } = stored('EXIF, profile and density');
    expect(await dry(file.slice(0, 4000), JPEG)).toMatchObject({ type: JPEG, width: 37, height: 26 });
  });

  test('of what is too large says so', async () => {
    expect(await dry(plainPng(400, 300), PNG)).toMatchObject({ withinLimits: false, plan: { width: 400 } });
  });

  test('counts nothing', async () => {
    const usage = async () => (await (await edge.fetch('/v1/usage', { headers: secret })).json()) as object;
    const before = await usage();
    await dry(plainPng(9, 9), PNG);
    expect(await usage()).toEqual(before);
  });
});

test('a JPEG that is too large carries a plan', async () => {
  const image: RasterImage = {
    data: new Uint8Array(400 * 300).fill(9),
    width: 400,
    height: 300,
    channels: 1,
    depth: 8,
  };
  const response = await post(edge, await codec.encode(image, FINE), { type: JPEG });
  const problem = await expectProblem(response, 413, 'image-too-large');
  expect(problem.plan).toMatchObject({ width: 400, height: 300 });
  const heavy = new Uint8Array(2 ** 21);
  heavy.set(stored('4:4:4').file);
  expect(await expectProblem(await post(edge, heavy, { type: JPEG }), 413, 'image-too-large')).toMatchObject({
    plan: { width: 37, height: 26 },
  });
});

test('four colours, and a PNG that says it is a JPEG, are refused in clear words', async () => {
  const four = await expectProblem(await post(edge, cmyk, { type: JPEG }), 400, 'invalid-image');
  expect(four.received).toContain('CMYK');
  const mistaken = await expectProblem(await post(edge, plainPng(4, 4), { type: JPEG }), 400, 'invalid-image');
  expect(mistaken.expected).toContain('a JPEG file');
});
