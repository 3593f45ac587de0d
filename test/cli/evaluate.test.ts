import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isUsage } from '../../cli/command.ts';
import { bestOf, bestSingle } from '../../cli/evaluation/real.ts';
import { setsReport, table } from '../../cli/evaluation/report.ts';
import { commandOf, withSection } from '../../cli/evaluation/results.ts';
import { scoreSet } from '../../cli/evaluation/score.ts';
import { realPairs, testSet } from '../../cli/evaluation/sets.ts';
import { evaluateTool } from '../../cli/evaluation/tool.ts';
import { psnr, roundTo8Bit } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { encodePng } from '../../worker/png/codec.ts';
import { fakeEngine, identity } from '../models/engines.ts';
import { cardWith, randomFloat, randomRaster } from '../models/pictures.ts';
import { run, temporaryFolder } from './run.ts';

describe('the protocol', () => {
  const images = [randomFloat(40, 24, 3, 1), randomFloat(24, 40, 3, 2)];
  const set = images.map((image, i) => ({ name: `${i}.png`, read: async () => image }));
  const denoiser = { card: cardWith({}), engine: fakeEngine(identity) };
  const score = (noise: 'float' | '8-bit', withAuto = false) =>
    scoreSet(denoiser, 'set', set, noise, 25, withAuto, () => {});

  test('seeds noise by place, clips and rounds what comes out, and means over images', async () => {
    const wanted = images.map((image, seed) => psnr(image, roundTo8Bit(addGaussian(image, 25, { seed }))));
    const { psnr: got, images: count } = await score('float');
    expect(count).toBe(2);
    expect(got).toBeCloseTo(((wanted[0] as number) + (wanted[1] as number)) / 2, 6);
  });

  test('gives the network unclipped noise in one column, what a file holds in the other', async () => {
    const seen = async (noise: 'float' | '8-bit') => {
      denoiser.engine.calls.length = 0;
      await score(noise);
      return denoiser.engine.calls.flatMap(({ input }) => [...input.filter((_, i) => i % 4 !== 3)]);
    };
    const float = await seen('float');
    expect(Math.min(...float)).toBeLessThan(-0.1);
    expect(Math.max(...float)).toBeGreaterThan(1.1);
    const file = await seen('8-bit');
    expect([Math.min(...file), Math.max(...file)]).toEqual([0, 1]);
    expect(file.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
  });

  test('measures what estimating sigma loses', async () => {
    const { auto, psnr: known } = await score('float', true);
    expect(auto?.loss).toBeCloseTo(known - (auto?.psnr ?? 0), 9);
    expect((await score('float')).auto).toBeUndefined();
  });
});

describe('the best sigma', () => {
  const grid = [10, 20, 30];
  const scores = [
    { name: 'a', noisy: 30, auto: { psnr: 34, sigma: 12 }, grid: [33, 35, 32] },
    { name: 'b', noisy: 36, auto: { psnr: 30, sigma: 40 }, grid: [35.5, 33, 30] },
  ];

  test('of a photograph may be to leave it alone', () => {
    expect(scores.map((score) => bestOf(score, grid))).toEqual([
      { psnr: 35, sigma: 20 },
      { psnr: 36, sigma: 0 },
    ]);
  });

  test('of all photographs is one', () => {
    expect(bestSingle(scores, grid)).toEqual({ psnr: 34.25, sigma: 10 });
  });
});

describe('the report', () => {
  const card = cardWith({});
  const scores = [15, 25, 40].map((sigma) => ({
    set: 'CBSD68',
    images: 68,
    noise: 'float' as const,
    sigma,
    psnr: 50 - sigma / 2,
    ssim: 0.9,
    auto: { psnr: 30, loss: 1.5, sigma: sigma + 1 },
  }));
  const small = scores.map((score, i) => ({ ...score, psnr: score.psnr - 0.01 * (i + 1) }));

  test('has ours beside the published, and a dash where nothing is published', () => {
    const text = setsReport([{ card, precision: 'f16', scores }]);
    expect(text).toContain('### CBSD68 (68 images)');
    expect(text).toMatch(/\| FFDNet +\| 0\.85 M +\| 13\.9 +\| 33\.87 +\| 31\.21 +\| – +\|/);
    expect(text).toMatch(/\| \*\*fast [\d.]+, f16\*\*, float +\|.*\| 42\.50 \/ 0\.9000 +\| 37\.50/);
    expect(text).toMatch(/\| float +\| 25 +\| 26\.0 +\| 30\.00 +\| 1\.50 +\|/);
    expect(text).not.toContain('Weights of 8 bits');
  });

  test('tells what the smaller weights cost, if both were run', () => {
    const text = setsReport([
      { card, precision: 'f16', scores },
      { card, precision: 'q8', scores: small },
    ]);
    expect(text).toContain('mean 0.020 dB, most 0.030 dB');
  });

  test('pads its tables', () => {
    expect(
      table([
        ['a', 'bcd'],
        ['efgh', ''],
      ]),
    ).toBe('| a    | bcd |\n| ---- | --- |\n| efgh |     |');
  });

  test('names the command that makes it again, and no place on this machine', () => {
    const args = ['--data', '/home/me/sets', '--sigmas=15', '--published=/tmp/x=y', '--real', 'photos', '--write'];
    expect(commandOf(args)).toBe(
      'npm run evaluate -- --data <folder> --sigmas=15 --published=<folder> --real <folder> --write',
    );
  });

  test('replaces its own section, and nothing of what people wrote', () => {
    const once = withSection('# Results\n\nBy hand.\n', 'sets', 'first');
    expect(once).toMatch(
      /^# Results\n\nBy hand\.\n\n## White Gaussian noise\n\n<!-- sets: begin.*-->\n\nfirst\n\n<!-- sets: end -->\n$/,
    );
    const both = withSection(`${once}\nMore by hand.\n`, 'real', 'photographs');
    const twice = withSection(both, 'sets', 'second');
    expect(twice).toBe(both.replace('first', 'second'));
    expect(twice).toContain('More by hand.\n\n## Photographs with real noise');
  });
});

describe('the command', () => {
  async function data(): Promise<string> {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'tiny'));
    for (const [name, channels] of [
      ['2.png', 1],
      ['10.png', 3],
    ] as const) {
      await writeFile(join(folder, 'tiny', name), await encodePng(randomRaster(24, 16, channels)));
    }
    await writeFile(join(folder, 'tiny', 'notes.txt'), 'x');
    return folder;
  }

  test('evaluates any folder of images, with both forms of the weights', async () => {
    const args = ['--sets', 'tiny', '--sigmas', '25', '--precision', 'f16,q8', '--sigma', 'auto'];
    const ended = await run('evaluate', ['--data', await data(), ...args]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('### tiny (2 images)');
    expect(ended.stdout).toMatch(/f16\*\*, float .*\n.*f16\*\*, 8-bit/);
    expect(ended.stdout).toMatch(/Weights of 8 bits .* mean -?\d\.\d{3} dB/);
    expect(ended.stderr.trimEnd().split('\n').length).toBe(4);
  });

  test('takes photographs in pairs', async () => {
    const folder = await temporaryFolder();
    for (const name of ['NOISY_2', 'GT_2', 'NOISY_10', 'GT_10', 'NOISY_alone']) {
      await writeFile(join(folder, `${name}.png`), await encodePng(randomRaster(24, 16, 3)));
    }
    expect((await realPairs(folder)).map(({ name }) => name)).toEqual(['2', '10']);
    const ended = await run('evaluate', ['--real', folder, '--sigmas', '10,50', '--limit', '1']);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/\| 2 +\| Infinity/);
    expect(ended.stdout).toContain('The best single sigma for all of them');
  });

  test('reads sets in the order of names, PNG only', async () => {
    const images = await testSet(await data(), 'tiny');
    expect(images.map(({ name }) => name)).toEqual(['2.png', '10.png']);
    expect((await images[0]?.read())?.channels).toBe(1);
  });

  test.each([
    [[], /either --data <folder> or --real <folder> but received neither/],
    [['--data', 'a', '--real', 'b'], /received both/],
    [['--data', 'test', '--write', '--limit', '1'], /--write without --limit/],
    [['--data', 'test'], /folders named CBSD68/],
    [['--data', 'test', '--sets', 'cli'], /PNG images in the folder cli/],
    [['--data', 'nowhere'], /a folder that can be read/],
    [['--real', 'test'], /pairs of NOISY_/],
    [['--data', 'test', '--sigmas', '15,x'], /--sigmas .* 'x'/],
    [['--data', 'test', '--columns', 'both'], /--columns/],
    [['--data', 'test', '--precision', 'f32'], /--precision/],
    [['--data', 'test', '--sigma', '25'], /--sigma to be one of known, auto/],
  ])('%j is refused', async (args, message) => {
    await expect(evaluateTool(args)).rejects.toThrow(message);
    await expect(evaluateTool(args)).rejects.toSatisfy(isUsage);
  });
});
