import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FloatImage } from '../../models/image.ts';
import { fromRaster } from '../../models/image.ts';
import { UsageError } from '../command.ts';
import { readPng } from '../images.ts';
import type { Data, Pair, TestImage } from './data.ts';

/** The test sets that the field reports on, in the order in which they are shown. */
export const KNOWN_SETS = ['CBSD68', 'Kodak24', 'McMaster', 'Urban100', 'Set12', 'BSD68'];

const ROLES: Data['roles'] = {
  white: { colour: ['CBSD68', 'Kodak24', 'Set12'], grey: ['Set12', 'BSD68'], filter: ['CBSD68', 'Set12'] },
  kinds: 'Kodak24',
  clean: ['CBSD68', 'Kodak24'],
};

/** NOISY_2 before NOISY_10. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** The sets of clean images in a folder, or in its part `test/`; beside it, in `real/`, those with real noise. */
export async function folderData(folder: string): Promise<Data> {
  const inside = await folders(folder);
  const clean = inside.includes('test') ? join(folder, 'test') : folder;
  const parent = dirname(clean);
  const real = join(parent, 'real');
  return {
    sets: inside.includes('test') ? await folders(clean) : inside,
    realSets: (await folders(parent)).includes('real') ? await folders(real) : [],
    roles: ROLES,
    images: (set) => testSet(join(clean, set)),
    pairs: (set) => realPairs(join(real, set)),
  };
}

/** The PNG images of a folder in the order of their names: an image's place in it seeds its noise. */
export async function testSet(folder: string): Promise<TestImage[]> {
  const files = (await list(folder)).filter((file) => file.toLowerCase().endsWith('.png'));
  if (files.length === 0) {
    throw new UsageError(`PNG images in the folder ${basename(folder)} of --data`, 'none', 'Convert the set to PNG.');
  }
  return files.map((file) => ({ name: file, read: () => readFloat(join(folder, file)) }));
}

/** Photographs with real noise in SIDD's layout: NOISY_<name>.png beside GT_<name>.png. */
export async function realPairs(folder: string): Promise<Pair[]> {
  const files = await list(folder);
  const names = files
    .map((file) => /^NOISY_(.+\.png)$/i.exec(file)?.[1])
    .filter((name) => name !== undefined && files.includes(`GT_${name}`)) as string[];
  if (names.length === 0) {
    throw new UsageError(
      `pairs of NOISY_<name>.png and GT_<name>.png in ${basename(folder)}`,
      `${files.length} other files`,
    );
  }
  return names.map((name) => ({
    name: basename(name, '.png'),
    noisy: () => readFloat(join(folder, `NOISY_${name}`)),
    clean: () => readFloat(join(folder, `GT_${name}`)),
  }));
}

async function readFloat(path: string): Promise<FloatImage> {
  return fromRaster(await readPng(path)).colour;
}

async function folders(path: string): Promise<string[]> {
  return (await entries(path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function list(folder: string): Promise<string[]> {
  return (await entries(folder)).map(({ name }) => name).sort(byName);
}

async function entries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (failure) {
    throw new UsageError('a folder that can be read', String((failure as Error).message));
  }
}
