import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FloatImage } from '../../models/image.ts';
import { fromRaster } from '../../models/image.ts';
import { UsageError } from '../command.ts';
import { readPng } from '../images.ts';

/** The test sets that the field reports on; see docs/results.md for where the numbers come from. */
export const KNOWN_SETS = ['CBSD68', 'Kodak24', 'McMaster', 'Urban100', 'Set12', 'BSD68'];

/** NOISY_2 before NOISY_10. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

export interface TestImage {
  readonly name: string;
  readonly read: () => Promise<FloatImage>;
}

/** The images of `<data>/<set>`, in the order of their names: an image's place in it seeds its noise. */
export async function testSet(data: string, set: string): Promise<TestImage[]> {
  const files = (await list(join(data, set))).filter((file) => file.toLowerCase().endsWith('.png'));
  if (files.length === 0) {
    throw new UsageError(`PNG images in the folder ${set} of --data`, 'none', 'Convert the set to PNG.');
  }
  return files.map((file) => ({ name: file, read: () => readFloat(join(data, set, file)) }));
}

/** The known sets that lie in a folder. */
export async function setsIn(data: string): Promise<string[]> {
  const found = await list(data);
  const sets = KNOWN_SETS.filter((set) => found.includes(set));
  if (sets.length > 0) return sets;
  throw new UsageError(`folders named ${KNOWN_SETS.join(', ')} in --data`, 'none of them', 'Name yours with --sets.');
}

export interface Pair {
  readonly name: string;
  readonly noisy: () => Promise<FloatImage>;
  readonly clean: () => Promise<FloatImage>;
}

/** Photographs with real noise in SIDD's layout: NOISY_<name>.png beside GT_<name>.png. */
export async function realPairs(folder: string): Promise<Pair[]> {
  const files = await list(folder);
  const names = files
    .map((file) => /^NOISY_(.+\.png)$/i.exec(file)?.[1])
    .filter((name) => name !== undefined && files.includes(`GT_${name}`)) as string[];
  if (names.length === 0) {
    throw new UsageError('pairs of NOISY_<name>.png and GT_<name>.png in --real', `${files.length} other files`);
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

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(byName);
  } catch (failure) {
    throw new UsageError('a folder that can be read', String((failure as Error).message));
  }
}
