import { readdirSync, readFileSync } from 'node:fs';
import { loadFiles } from '../../cli/published.ts';
import { type ModelCard, type NetworkCard, type Precision, parseCard } from '../../models/card.ts';
import type { ModelFiles } from '../../models/engine.ts';
import { root } from '../paths.ts';

export const published = `${root}models/published/`;

/** `fast@1.0.0`, for everything that is published; an export that is under way has a dot before its name. */
export const publishedNames = readdirSync(published)
  .filter((id) => !id.startsWith('.'))
  .flatMap((id) => readdirSync(published + id).map((version) => `${id}@${version}`));

export const folderOf = (name: string) => `${published}${name.replace('@', '/')}/`;

export function readCard(name: string): ModelCard {
  return parseCard(JSON.parse(readFileSync(`${folderOf(name)}card.json`, 'utf8')));
}

export const networkNames = publishedNames.filter((name) => readCard(name).family !== 'filter');

/** The tier that every page starts with: it stands for all networks where one is enough. */
export const fastName = networkNames.find((name) => name.startsWith('fast@')) as string;

export function readNetwork(name: string): NetworkCard {
  const card = readCard(name);
  if (card.family === 'filter') throw new Error(`${name} is no network`);
  return card;
}

/** Those that our own kernels compute. */
export const kernelNames = networkNames.filter((name) =>
  ['unet', 'red30', 'mwcnn'].includes(String(readNetwork(name).architecture.architecture)),
);

export function loadNetwork(name: string, precision: Precision): Promise<ModelFiles> {
  return loadFiles(folderOf(name), readNetwork(name), precision);
}

/** The forms in which a network's weights are published. */
export function precisionsOf(name: string): Precision[] {
  const roles = readNetwork(name).files.map((file) => file.role);
  return (['f16', 'q8'] as const).filter((precision) => roles.includes(`weights-${precision}`));
}

export interface Golden {
  readonly height: number;
  readonly width: number;
  readonly input: Float32Array;
  /** By the form of the weights. */
  readonly output: Record<Precision, Float32Array>;
}

/** What PyTorch made of the golden windows. */
export function goldenOf(name: string): Golden[] {
  const folder = folderOf(name);
  const floats = (file: string) => new Float32Array(Uint8Array.from(readFileSync(folder + file)).buffer);
  const { cases } = JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) as {
    cases: { height: number; width: number; input: string; output: string; outputQ8: string }[];
  };
  return cases.map(({ height, width, input, output, outputQ8 }) => ({
    height,
    width,
    input: floats(input),
    output: { f16: floats(output), q8: floats(outputQ8) },
  }));
}
