import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesToRun, parseCard, precisionOf } from '../../models/card.ts';
import { filterCard } from './pictures.ts';
import { fastName, folderOf, networkNames, publishedNames, readCard, readNetwork } from './published.ts';

describe.each(publishedNames)('the published card of %s', (name) => {
  const card = readCard(name);

  test('stands in the folder that it names', () => {
    expect(`${card.id}@${card.version}`).toBe(name);
  });

  test('has halos that tiles can be cut with', () => {
    const { exact, measured } = card.halo;
    expect(measured % card.sizeMultiple).toBe(0);
    if (exact === null) return;
    expect(measured).toBeLessThanOrEqual(exact);
    expect(exact % card.sizeMultiple).toBe(0);
  });
});

describe.each(networkNames)('the published network %s', (name) => {
  const card = readNetwork(name);

  test('lists the files that are there', () => {
    expect(card.files.length).toBeGreaterThan(4);
    for (const file of card.files)
      expect([file.name, statSync(folderOf(name) + file.name).size]).toEqual([file.name, file.bytes]);
  });

  test('has an exact halo that holds all it looks at', () => {
    const { radius } = card.receptiveField;
    expect(card.halo.exact === null).toBe(radius === null && card.size === undefined);
    if (radius !== null) expect(card.halo.exact).toBeGreaterThanOrEqual(radius);
  });

  test('names a graph, and weights in the form asked for where there are such', () => {
    const published = card.files.map((file) => file.role);
    for (const asked of ['f16', 'q8'] as const) {
      const roles = filesToRun(card, asked).map((file) => file.role);
      expect(new Set(roles)).toEqual(new Set(['graph', `weights-${precisionOf(card, asked)}`]));
      expect(precisionOf(card, asked) === asked).toBe(published.includes(`weights-${asked}`));
    }
    expect(filesToRun(card, 'f16').find((file) => file.role === 'graph')?.name).toBe(card.graph.model);
  });
});

describe('a wrong card is refused by the name of its field', () => {
  const good = readNetwork(fastName);
  const [file, ...files] = good.files;
  test('and of what stands there', () => {
    expect(() => parseCard({ ...good, halo: { exact: -8, measured: 8 } })).toThrow(/halo.exact but received -8/);
    expect(() => parseCard({ ...good, license: undefined })).toThrow(/license but received nothing/);
    expect(() => parseCard({ ...good, extra: 'x'.repeat(1000) })).toThrow(/without extra but received "x{99}\./);
  });

  test.each<[string, unknown]>([
    ['format', { ...good, format: 1 }],
    ['family', { ...good, family: 'oracle' }],
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
    ['sigma.kind', { ...good, sigma: { kind: 'deaf' } }],
    ['channels.input', { ...good, channels: { input: 2, output: 2 } }],
    ['paper', { ...filterCard(), paper: undefined }],
    ['files', { ...filterCard(), files: [] }],
    ['unknown', { ...good, unknown: 1 }],
    ['an object', null],
    ['an object', 'card'],
  ])('%s', (field, card) => {
    expect(() => parseCard(card)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
    expect(() => parseCard(card)).toThrow(field);
  });
});
