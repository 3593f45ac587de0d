import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkCard } from '../../models/card.ts';
import { findCard, listCards } from '../../models/catalog.ts';
import { checkedUploads } from '../../scripts/deploy/uploads.ts';
import { root } from '../paths.ts';

const published = `${root}models/published/`;

test('all files that cards list are uploaded, under the paths of their addresses', async () => {
  const uploads = await checkedUploads(listCards(), [], published);
  const keys = uploads.map(({ key }) => key);
  for (const card of listCards()) {
    for (const { name } of card.family === 'filter' ? [] : card.files) {
      expect(keys).toContain(`models/${card.id}/${card.version}/${name}`);
    }
  }
  expect(new Set(keys).size).toBe(keys.length);
  expect(uploads.find(({ key }) => key.endsWith('/model.json'))?.type).toBe('application/json');
  expect(uploads.find(({ key }) => key.endsWith('/weights.q8'))?.type).toBe('application/octet-stream');
});

test('only those that are named', async () => {
  const byId = await checkedUploads(listCards(), ['pca-mnist'], published);
  const byVersion = await checkedUploads(listCards(), ['pca-mnist@1.0.0'], published);
  expect(byId.length).toBeGreaterThan(0);
  expect(byId).toEqual(byVersion);
  await expect(checkedUploads(listCards(), ['pca-mnist', 'sharp'], published)).rejects.toThrow('sharp');
});

test('a file that is not what its card says is not uploaded', async () => {
  const card = findCard('pca-mnist') as NetworkCard;
  const folder = await mkdtemp(join(tmpdir(), 'degrain-'));
  const files = join(folder, card.id, card.version);
  await mkdir(files, { recursive: true });
  for (const { name } of card.files)
    await copyFile(`${published}${card.id}/${card.version}/${name}`, join(files, name));
  await expect(checkedUploads([card], [], `${folder}/`)).resolves.toHaveLength(card.files.length);
  await writeFile(join(files, 'weights.q8'), 'other bytes');
  await expect(checkedUploads([card], [], `${folder}/`)).rejects.toThrow('weights.q8');
  await rm(folder, { recursive: true });
});
