import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesToRun, parseCard } from '../../models/card.ts';
import { folderOf, publishedNames, readCard } from './pictures.ts';

describe.each(publishedNames)('the published card of %s', (name) => {
  const card = readCard(name);

  test('stands in the folder that it names', () => {
    expect(`${card.id}@${card.version}`).toBe(name);
  });

  test('lists the files that are there', () => {
    expect(card.files.length).toBeGreaterThan(4);
    for (const file of card.files)
      expect([file.name, statSync(folderOf(name) + file.name).size]).toEqual([file.name, file.bytes]);
  });

  test('has halos that tiles can be cut with', () => {
    expect(card.halo.measured).toBeLessThanOrEqual(card.halo.exact);
    expect(card.halo.exact).toBeGreaterThanOrEqual(card.receptiveField.radius);
    expect([card.halo.exact % card.sizeMultiple, card.halo.measured % card.sizeMultiple]).toEqual([0, 0]);
  });

  test('names a graph and either form of the weights', () => {
    const roles = (precision: 'f16' | 'q8') => new Set(filesToRun(card, precision).map((file) => file.role));
    expect(roles('f16')).toEqual(new Set(['graph', 'weights-f16']));
    expect(roles('q8')).toEqual(new Set(['graph', 'weights-q8']));
    expect(filesToRun(card, 'f16').find((file) => file.role === 'graph')?.name).toBe(card.graph.model);
  });
});

describe('a wrong card is refused by the name of its field', () => {
  const good = readCard(publishedNames[0] as string);
  const [file, ...files] = good.files;
  test('and of what stands there', () => {
    expect(() => parseCard({ ...good, halo: { exact: -8, measured: 8 } })).toThrow(/halo.exact but received -8/);
    expect(() => parseCard({ ...good, license: undefined })).toThrow(/license but received nothing/);
    expect(() => parseCard({ ...good, extra: 'x'.repeat(1000) })).toThrow(/without extra but received "x{99}\./);
  });

  test.each<[string, unknown]>([
    ['format', { ...good, format: 2 }],
    ['id', { ...good, id: '../fast' }],
    ['version', { ...good, version: '1.0' }],
    ['task', { ...good, task: 'upscale' }],
    ['sigma.max', { ...good, sigma: { kind: 'map', min: 0 } }],
    ['halo.exact', { ...good, halo: { exact: -8, measured: 8 } }],
    ['sizeMultiple', { ...good, sizeMultiple: 0 }],
    ['parameters', { ...good, parameters: 1.5 }],
    ['memory.peakBytesPerPixel', { ...good, memory: { largestBufferBytesPerPixel: 32, peakBytesPerPixel: 0 } }],
    ['files.0.name', { ...good, files: [{ ...file, name: '../../secret' }, ...files] }],
    ['files.0.sha256', { ...good, files: [{ ...file, sha256: 'abc' }, ...files] }],
    ['files.0.role', { ...good, files: [{ ...file, role: 'script' }, ...files] }],
    ['metrics.0.noise', { ...good, metrics: [{ set: 'a', noise: 'loud', sigma: 1, psnr: 1, protocol: '' }] }],
    ['unknown', { ...good, unknown: 1 }],
    ['an object', null],
    ['an object', 'card'],
  ])('%s', (field, card) => {
    expect(() => parseCard(card)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
    expect(() => parseCard(card)).toThrow(field);
  });
});
