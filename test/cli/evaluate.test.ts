import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isUsage } from '../../cli/command.ts';
import { drawnData } from '../../cli/evaluation/drawn.ts';
import { folderData, realPairs, testSet } from '../../cli/evaluation/sets.ts';
import { evaluateTool } from '../../cli/evaluation/tool.ts';
import { encodePng } from '../../worker/png/codec.ts';
import { randomRaster } from '../models/pictures.ts';
import { fastName, folderOf } from '../models/published.ts';
import { run, temporaryFolder } from './run.ts';

const png = (channels: 1 | 3) => encodePng(randomRaster(24, 16, channels));

/** A folder of sets, as small as they get. */
async function data(sets = ['CBSD68', 'Set12']): Promise<string> {
  const folder = await temporaryFolder();
  for (const set of sets) {
    await mkdir(join(folder, 'test', set), { recursive: true });
    await writeFile(join(folder, 'test', set, '2.png'), await png(1));
    await writeFile(join(folder, 'test', set, '10.png'), await png(3));
    await writeFile(join(folder, 'test', set, 'notes.txt'), 'x');
  }
  await mkdir(join(folder, 'real', 'SIDD12'), { recursive: true });
  for (const name of ['NOISY_2', 'GT_2', 'NOISY_10', 'GT_10', 'NOISY_alone']) {
    await writeFile(join(folder, 'real', 'SIDD12', `${name}.png`), await png(3));
  }
  return folder;
}

/** Where one model is published, and nothing is documented. */
async function places(version = '1.0.0') {
  const folder = await temporaryFolder();
  const [docs, published] = [join(folder, 'docs'), join(folder, 'published')];
  await mkdir(docs);
  await publish(published, version);
  return { docs, published };
}

async function publish(published: string, version: string, id = 'fast'): Promise<void> {
  const to = join(published, id, version);
  await cp(folderOf(fastName), to, { recursive: true });
  const card = JSON.parse(await readFile(join(to, 'card.json'), 'utf8'));
  await writeFile(join(to, 'card.json'), JSON.stringify({ ...card, id, version }));
}

describe('the folder of test sets', () => {
  test('is read in the order of names, PNG only', async () => {
    const images = await testSet(join(await data(), 'test', 'Set12'));
    expect(images.map(({ name }) => name)).toEqual(['2.png', '10.png']);
    expect((await images[0]?.read())?.channels).toBe(1);
  });

  test('holds photographs in pairs', async () => {
    const pairs = await realPairs(join(await data(), 'real', 'SIDD12'));
    expect(pairs.map(({ name }) => name)).toEqual(['2', '10']);
  });

  test('may be the one of the sets, or the one above', async () => {
    const folder = await data();
    for (const each of [folder, join(folder, 'test')]) {
      const { sets, realSets, images, pairs } = await folderData(each);
      expect([[...sets].sort(), realSets]).toEqual([['CBSD68', 'Set12'], ['SIDD12']]);
      expect([(await images('Set12')).length, (await pairs('SIDD12')).length]).toEqual([2, 2]);
    }
    await rm(join(folder, 'real'), { recursive: true });
    expect((await folderData(folder)).realSets).toEqual([]);
  });
});

describe('without data', () => {
  test('there are different scenes, in colour and in grey', async () => {
    const { images } = drawnData();
    for (const [set, channels] of [
      ['drawn', 3],
      ['drawn-grey', 1],
    ] as const) {
      const [first, second] = await Promise.all((await images(set)).map(({ read }) => read()));
      expect([first?.channels, second?.channels]).toEqual([channels, channels]);
      expect(first?.data).not.toEqual(second?.data);
    }
  });

  test('models are run on drawn scenes, and nothing is kept', async () => {
    const before = await readdir('docs/results');
    const options = ['--models', 'fast', '--parts', 'white,camera', '--sigmas', '40', '--limit', '1'];
    const ended = await run('evaluate', options);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/### drawn \(1 images\)\n\nNoise neither[\s\S]*\| sigma 40 /);
    expect(ended.stdout).toMatch(/## Kinds of noise[\s\S]*### drawn \(first 1 images\)[\s\S]*\| method +\| camera \|/);
    expect(ended.stderr.trimEnd().split('\n').length).toBe(3);
    expect(await readdir('docs/results')).toEqual(before);
  });
});

describe('results', () => {
  const printed: string[] = [];
  const said: string[] = [];

  beforeEach(() => {
    printed.length = 0;
    said.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    return () => vi.restoreAllMocks();
  });

  const white = ['--parts', 'white', '--columns', 'float', '--sigmas', '25'];
  const measured = () => said.filter((line) => line.includes(' dB')).map((line) => line.split(':')[0]);

  test('are stored and written, and not measured again unless asked', async () => {
    const [folder, where] = [await data(), await places()];
    const args = ['--data', folder, '--write', ...white];
    expect(await evaluateTool([...args, '--sets', 'Set12'], where)).toBe(0);
    expect(measured()).toEqual(['fast, f16, Set12, white 25, float, known']);
    said.length = 0;
    expect(await evaluateTool(args, where)).toBe(0);
    expect(measured()).toEqual(['fast, f16, CBSD68, white 25, float, known']);
    expect(printed.at(-1)).toMatch(/### CBSD68 [\s\S]*### Set12 /);
    const stored = JSON.parse(await readFile(join(where.docs, 'results', 'measurements.json'), 'utf8'));
    expect(stored.models.fast.cells.length).toBe(2);
    expect(stored.models.fast.speed).toBeNull();
    const written = await readFile(join(where.docs, 'results.md'), 'utf8');
    expect(written).toMatch(
      /## Models[\s\S]*## White Gaussian noise[\s\S]*### CBSD68 \(2 images\)[\s\S]*### Set12 \(2 images\)/,
    );
    expect(written).toContain('(results/psnr-gmacs.svg)');
    expect(await readdir(join(where.docs, 'results'))).toContain('psnr-gmacs.svg');
    said.length = 0;
    await evaluateTool([...args, '--again', '--sets', 'Set12'], where);
    expect(measured()).toEqual(['fast, f16, Set12, white 25, float, known']);
  });

  test('of a new version replace those of the old, and those of an old one do not come back', async () => {
    const [folder, where] = [await data(['Set12']), await places('1.9.0')];
    const args = ['--data', folder, '--write', ...white];
    await evaluateTool(args, where);
    await publish(where.published, '1.10.0');
    await evaluateTool(args, where);
    const stored = JSON.parse(await readFile(join(where.docs, 'results', 'measurements.json'), 'utf8'));
    expect([stored.models.fast.version, stored.models.fast.cells.length]).toEqual(['1.10.0', 1]);
    expect(await readFile(join(where.docs, 'results.md'), 'utf8')).not.toContain('1.9.0');
    const old = evaluateTool([...args, '--models', 'fast@1.9.0'], where);
    await expect(old).rejects.toThrow('--write of fast@1.10.0 or newer but received 1.9.0');
  });

  test('of a quick look are printed and not stored', async () => {
    const [folder, where] = [await data(['Set12']), await places()];
    await evaluateTool(['--data', folder, ...white, '--limit', '1'], where);
    await evaluateTool(['--data', folder, ...white], where);
    expect(printed[0]).toContain('### Set12 (1 images)');
    expect(printed[1]).toContain('### Set12 (2 images)');
    expect(await readdir(where.docs)).toEqual([]);
  });

  test('that are stored are none of a quick look, nor of models that lie elsewhere', async () => {
    const [folder, where] = [await data(['Set12']), await places()];
    const args = ['--data', folder, ...white];
    await evaluateTool([...args, '--write'], where);
    for (const options of [
      ['--limit', '1'],
      ['--published', where.published],
    ]) {
      said.length = 0;
      await evaluateTool([...args, ...options], where);
      expect(measured().length).toBe(1);
    }
  });

  test('are rendered anew from what is stored, beside what people wrote', async () => {
    const [folder, where] = [await data(['Set12']), await places()];
    await evaluateTool(['--data', folder, '--write', ...white], where);
    const file = join(where.docs, 'results.md');
    const written = await readFile(file, 'utf8');
    await writeFile(file, `${written.replace(/### Set12[\s\S]*?<!--/, '<!--')}\nBy hand.\n`);
    said.length = 0;
    expect(await evaluateTool(['--render'], where)).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(`${written}\nBy hand.\n`);
    expect(said).toEqual([]);
  });

  test('of photographs with real noise, and of clean ones', async () => {
    const [folder, where] = [await data(), await places()];
    await evaluateTool(['--data', folder, '--parts', 'real,none', '--limit', '1'], where);
    expect(measured().slice(0, 3)).toEqual([
      'fast, f16, SIDD12, real, 8-bit, auto',
      'fast, f16, SIDD12, real, 8-bit, best',
      'fast, f16, SIDD12, real, 8-bit, 5',
    ]);
    expect(printed[0]).toMatch(/### SIDD12 \(1 photographs\)[\s\S]*best single sigma[\s\S]*\| 1 of 1 +\| ∞/);
  });

  test('have the speed of a model beside them, on whole runs only', { timeout: 120_000 }, async () => {
    const [folder, where] = [await data(), await places()];
    const args = ['--data', folder, '--models', 'fast', '--parts', 'speed'];
    await evaluateTool(args, where);
    expect(said).toEqual([]);
    await evaluateTool([...args, '--write'], where);
    expect(said[0]).toMatch(/^fast: \d+ ms per megapixel/);
    expect(await readFile(join(where.docs, 'results.md'), 'utf8')).toMatch(/\| \*\*fast\*\* .*\| \d+ +\|\n/);
  });

  test('have no speed of other engines than what runs everywhere', async () => {
    const args = ['--data', await data(), '--parts', 'speed', '--engine', 'webgpu', '--write'];
    expect(await evaluateTool(args, await places())).toBe(0);
    expect(said.length).toBe(1);
  });

  test('of a model that cannot be run are missing, and the command fails', async () => {
    const [folder, where] = [await data(['Set12']), await places()];
    await publish(where.published, '1.0.0', 'whole');
    await appendFile(join(where.published, 'fast', '1.0.0', 'group1-shard1of1.bin'), 'x');
    expect(await evaluateTool(['--data', folder, ...white], where)).toBe(1);
    expect(said.join('')).toMatch(/fast: Expected group1-shard1of1\.bin with the SHA-256/);
    expect(measured()).toEqual(['whole, f16, Set12, white 25, float, known']);
  });

  test('are shown at 100 %, of the models that are to be shown', { timeout: 120_000 }, async () => {
    const where = await places();
    await publish(where.published, '1.0.0', 'another');
    await cp('docs/results/photographs', join(where.docs, 'results', 'photographs'), { recursive: true });
    expect(await evaluateTool(['--crops'], where)).toBe(0);
    const written = await readFile(join(where.docs, 'results.md'), 'utf8');
    expect(written).toMatch(/## At 100 %[\s\S]*!\[Coffee.*\]\(results\/crops\/.*\.png\)\n\nCoffee.*fast 1\.0\.0 \(/);
    expect(written.split('## At 100 %')[1]).not.toContain('another');
  });

  test('of no model are told', async () => {
    await evaluateTool(['--data', await data(), '--parts', 'jpeg'], await places());
    expect(printed[0]).toBe('Nothing was measured on any set.\n');
  });
});

describe('the command line', () => {
  test('--help is a help', async () => {
    const ended = await run('evaluate', ['--help']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    for (const word of ['--data', '--models', '--parts', '--again', '--render', 'salt-and-pepper', 'Urban100']) {
      expect(ended.stdout).toContain(word);
    }
    expect(Math.max(...ended.stdout.split('\n').map((line) => line.length))).toBeLessThan(121);
  });

  test.each([
    [['--write'], /--data with --write but received none/],
    [['--data', 'test', '--write', '--limit', '1'], /--write without --limit/],
    [['--data', 'test', '--write', '--published', 'x'], /--write without --published/],
    [['--data', 'docs'], /folders named CBSD68/],
    [['--data', 'test', '--sets', 'cli'], /PNG images in the folder cli/],
    [['--data', 'docs', '--sets', 'nowhere'], /--sets of .*images.* but received nowhere/],
    [['--data', 'nowhere'], /a folder that can be read/],
    [['--models', 'none'], /a published model \(.*fast.*\)/],
    [['--sigmas', '15,x'], /--sigmas .* 'x'/],
    [['--columns', 'both'], /--columns/],
    [['--parts', 'loud'], /--parts to be one of white, gaussian/],
    [['--precision', 'f32'], /--precision/],
    [['--engine', 'abacus'], /--engine/],
    [['--quick'], /--quick/],
  ])('%j is refused', async (args, message) => {
    await expect(evaluateTool(args)).rejects.toThrow(message);
    await expect(evaluateTool(args)).rejects.toSatisfy(isUsage);
  });
});
