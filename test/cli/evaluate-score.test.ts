import { describe, expect, test, vi } from 'vitest';
import { type Case, casesOf, KINDS_IMAGES } from '../../cli/evaluation/cases.ts';
import type { Data } from '../../cli/evaluation/data.ts';
import { score } from '../../cli/evaluation/score.ts';
import { measureSpeed } from '../../cli/evaluation/speed.ts';
import type { Task } from '../../cli/evaluation/tasks.ts';
import type { FloatImage } from '../../models/image.ts';
import { psnr, roundTo8Bit } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { fakeEngine, identity } from '../models/engines.ts';
import { cardWith, filterCard, randomFloat } from '../models/pictures.ts';
import { mirror } from './evaluate-cells.ts';

const images = [randomFloat(40, 24, 3, 1), randomFloat(24, 40, 3, 2)];
const data: Data = {
  sets: ['set'],
  realSets: ['photographs'],
  roles: { white: { colour: [], grey: [], filter: [] }, kinds: 'set', clean: [] },
  images: async () => images.map((image, i) => ({ name: `${i}.png`, read: async () => image })),
  pairs: async () => [{ name: 'a', noisy: async () => images[1] as FloatImage, clean: async () => flat(24, 40) }],
};

const flat = (width: number, height: number): FloatImage => ({
  data: new Float32Array(width * height * 3).fill(51 / 255),
  width,
  height,
  channels: 3,
});

const task: Task = { set: 'set', noise: 'white', level: 25, column: 'float', told: 'known', precision: 'f16' };
const scoreOf = async (denoiser: Parameters<typeof score>[0], changes: Partial<Task> = {}) => {
  const asked = { ...task, ...changes };
  return await score(denoiser, asked, await casesOf(asked, data), () => {});
};

describe('the protocol', () => {
  const denoiser = { card: cardWith({}), engine: fakeEngine(identity) };

  test('seeds noise by place, clips and rounds what comes out, and means over images', async () => {
    const wanted = images.map((image, seed) => psnr(image, roundTo8Bit(addGaussian(image, 25, { seed }))));
    const noisy = images.map((image, seed) => psnr(image, addGaussian(image, 25, { seed })));
    const got = await scoreOf(denoiser);
    expect(got.images).toBe(2);
    expect(got.psnr).toBeCloseTo(((wanted[0] as number) + (wanted[1] as number)) / 2, 6);
    expect(got.noisy).toBeCloseTo(((noisy[0] as number) + (noisy[1] as number)) / 2, 6);
    expect([got.sigma, got.untouched]).toEqual([25, 0]);
  });

  test('gives the network unclipped noise in one column, what a file holds in the other', async () => {
    const seen = async (column: Task['column']) => {
      denoiser.engine.calls.length = 0;
      await scoreOf(denoiser, { column });
      return denoiser.engine.calls.flatMap(({ input }) => [...input.filter((_, i) => i % 4 !== 3)]);
    };
    const float = await seen('float');
    expect(Math.min(...float)).toBeLessThan(-0.1);
    expect(Math.max(...float)).toBeGreaterThan(1.1);
    const file = await seen('8-bit');
    expect([Math.min(...file), Math.max(...file)]).toEqual([0, 1]);
    expect(file.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
  });

  test('rounds other kinds of noise as a file does, of the first images', async () => {
    const one = { name: 'one.png', read: async () => images[0] as FloatImage };
    const many = { ...data, images: async () => Array.from({ length: 20 }, () => one) };
    const cases = await casesOf({ ...task, noise: 'speckle', column: '8-bit' }, many);
    expect(cases.length).toBe(KINDS_IMAGES);
    const { noisy, clean } = await (cases[0] as Case).read();
    expect(noisy.data).not.toEqual(clean.data);
    expect(noisy.data).not.toEqual((await (cases[1] as Case).read()).noisy.data);
    expect(noisy.data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
  });

  test('takes photographs with real noise as they are', async () => {
    const [only] = await casesOf({ ...task, set: 'photographs', noise: 'real', level: undefined }, data);
    expect(await only?.read()).toEqual({ noisy: images[1], clean: flat(24, 40) });
  });
});

describe('what a model is told', () => {
  test('is the true sigma, the estimate, or a number', async () => {
    const sigmas: number[] = [];
    const engine = fakeEngine((call) => {
      sigmas.push(Math.round((call.input[3] as number) * 255));
      return identity(call);
    });
    const denoiser = { card: cardWith({}), engine };
    await scoreOf(denoiser);
    await scoreOf(denoiser, { told: 40 });
    expect(sigmas).toEqual([25, 25, 40, 40]);
    // too small to tell, so taken for clean
    expect((await scoreOf(denoiser, { told: 'auto' })).sigma).toBe(0);
  });

  test('is nothing where it is blind', async () => {
    const engine = mirror();
    const { sigma } = await scoreOf({ card: cardWith({ sigma: { kind: 'blind' } }), engine }, { told: 'blind' });
    expect(sigma).toBeUndefined();
    expect(engine.depths).toEqual([3, 3]);
  });

  test('goes with each channel to a network for grey, and with the whole image to a filter', async () => {
    const [grey, filter] = [mirror(), mirror()];
    await scoreOf({ card: cardWith({ channels: { input: 1, output: 1 } }), engine: grey });
    expect(grey.depths).toEqual([2, 2, 2, 2, 2, 2]);
    await scoreOf({ card: filterCard(), engine: filter });
    expect(filter.depths).toEqual([4, 4]);
  });

  test('is in hindsight the best for each image, which may be to leave it alone', async () => {
    // fed with more, it paints more of the picture over with grey
    const engine = fakeEngine(({ input, height, width }) =>
      Float32Array.from({ length: height * width * 3 }, (_, i) => {
        const from = Math.floor(i / 3) * 4;
        const amount = ((input[from + 3] as number) * 255) / 100;
        return (input[from + (i % 3)] as number) * (1 - amount) + 0.5 * amount;
      }),
    );
    const denoiser = { card: cardWith({}), engine };
    const toGrey = await scoreOf(denoiser, { set: 'photographs', noise: 'real', told: 'best' });
    expect(toGrey.sigma).toBe(55);
    const unneeded = await scoreOf(denoiser, { noise: 'none', level: undefined, told: 'best' });
    expect(unneeded).toMatchObject({ sigma: 0, untouched: 2, psnr: Number.POSITIVE_INFINITY });
  });
});

test('of clean images, the mean error counts, and how many were left alone', async () => {
  const engine = fakeEngine((call) =>
    identity(call).map((value) => (call.width === images[0]?.width ? value : value + 10 / 255)),
  );
  const card = cardWith({});
  const clean = [flat(40, 24), flat(24, 40)];
  const flats = { ...data, images: async () => clean.map((image, i) => ({ name: `${i}`, read: async () => image })) };
  const asked: Task = { ...task, noise: 'none', level: undefined, column: '8-bit', told: 30 };
  const got = await score({ card, engine }, asked, await casesOf(asked, flats), () => {});
  expect(got.untouched).toBe(1);
  // of 0 and of 10 steps: half the squared error of the second
  expect(got.psnr).toBeCloseTo(20 * Math.log10(255 / 10) + 10 * Math.log10(2), 1);
});

test('speed is of one scene, run once to warm up and three times to count, of which the middle one does', async () => {
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const times = [1, 300, 100, 200];
  const engine = mirror();
  const { open } = engine;
  engine.open = async () => {
    clock += times[engine.depths.length] as number;
    return await open();
  };
  const speed = await measureSpeed({ card: cardWith({ channels: { input: 1, output: 1 } }), engine });
  vi.restoreAllMocks();
  expect(engine.depths).toEqual([2, 2, 2, 2]);
  expect(speed.millisecondsPerMegapixel).toBe(Math.round((200 * 1e6) / 512 ** 2));
  expect(speed.machine).toMatch(/^\d+ cores, .+, Node 2\d/);
});
