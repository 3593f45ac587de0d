import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPublished, loadFiles } from '../../cli/published.ts';
import type { Precision } from '../../models/card.ts';
import { folderOf, loadNetwork, fastName as name, readNetwork } from '../models/published.ts';
import { temporaryFolder } from './run.ts';

const [id = '', version = ''] = name.split('@');

/** Versions that differ by their card's number only. */
async function publish(folder: string, versions: readonly string[]): Promise<void> {
  const card = JSON.parse(await readFile(`${folderOf(name)}card.json`, 'utf8'));
  for (const each of versions) {
    await mkdir(join(folder, id, each), { recursive: true });
    await writeFile(join(folder, id, each, 'card.json'), JSON.stringify({ ...card, version: each }));
  }
}

describe('finding a model', () => {
  test('by its name gives the newest version, by numbers and not by letters', async () => {
    const folder = await temporaryFolder();
    await publish(folder, ['1.9.0', '1.10.0', '1.2.30']);
    await mkdir(join(folder, `.${id}-2.0.0.partial`));
    await expect(findPublished(`.${id}-2.0.0.partial`, folder)).rejects.toMatchObject({ code: 'bad-request' });
    expect((await findPublished(id, folder)).card.version).toBe('1.10.0');
    expect((await findPublished(`${id}@1.2.30`, folder)).card.version).toBe('1.2.30');
  });

  test.each(['none', `${id}@9.9.9`, '', '..', `${id}/..`, '../published'])("'%s' is refused by name", async (wrong) => {
    await expect(findPublished(wrong)).rejects.toMatchObject({ code: 'bad-request', received: `'${wrong}'` });
    await expect(findPublished(wrong)).rejects.toThrow(id);
  });
});

test.each(['f16', 'q8'] as const)('loading gives the graph and the weights of %s', async (precision) => {
  const files = await loadNetwork(name, precision);
  const role = precision === 'f16' ? 'weights-f16' : 'weights-q8';
  const bytes = files.card.files.filter((file) => file.role === role).reduce((sum, file) => sum + file.bytes, 0);
  expect([files.precision, files.weights.length, files.weights.byteOffset]).toEqual([precision, bytes, 0]);
  expect(files.graph.modelTopology).toHaveProperty('node');
});

test('a file that was changed is refused by name', async () => {
  const folder = await temporaryFolder();
  await cp(folderOf(name), join(folder, id, version), { recursive: true });
  const load = (precision: Precision) => loadFiles(join(folder, id, version), readNetwork(name), precision);
  await load('q8');
  await appendFile(join(folder, id, version, 'weights.q8'), 'x');
  await expect(load('q8')).rejects.toMatchObject({
    code: 'integrity',
    expected: expect.stringContaining('weights.q8'),
  });
  await load('f16');
});
