import { expect, test } from 'vitest';
import { explainEngines } from '../../client/explain.ts';
import type { NetworkCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import { DegrainError } from '../../models/errors.ts';

const here = { gpu: 'hardware', wasm: true, pixels: 1e6 } as const;
const published = (id: string) => findCard(id);
const card = published('fast');
const brief = (verdicts: ReturnType<typeof explainEngines>) =>
  verdicts.map(({ engine, reason, error }) => [engine, reason, ...(error ? [error] : [])]);
const nothing = new Map();

test('the first that works is chosen, what comes behind it is not needed', () => {
  expect(brief(explainEngines('auto', here, { card, failures: nothing, engine: 'wgsl' }))).toEqual([
    ['wgsl', 'chosen'],
    ['tfjs-webgpu', 'not-needed'],
    ['wasm', 'not-needed'],
    ['edge', 'picture-too-large'],
  ]);
});

test('how the chosen one computes is told', () => {
  const [gpu] = explainEngines('auto', here, { card, failures: nothing, engine: 'wgsl', variant: 'in float16' });
  expect(gpu?.why).toBe('the first that works here, in float16');
});

test('what this device lacks, and what was not asked for', () => {
  const tiny = { gpu: 'none', wasm: false, pixels: 100 } as const;
  expect(brief(explainEngines('auto', tiny, { card, failures: nothing, engine: 'edge' }))).toEqual([
    ['wgsl', 'no-webgpu'],
    ['tfjs-webgpu', 'no-webgpu'],
    ['wasm', 'no-wasm-simd'],
    ['edge', 'chosen'],
  ]);
  expect(brief(explainEngines('wasm', here, { card, failures: nothing, engine: 'wasm' }))).toEqual([
    ['wasm', 'chosen'],
    ['wgsl', 'not-asked-for'],
    ['tfjs-webgpu', 'not-asked-for'],
    ['edge', 'not-asked-for'],
  ]);
  const software = { ...here, gpu: 'software' } as const;
  const [gpu] = explainEngines('auto', software, { card, failures: nothing, engine: 'wasm' });
  expect(gpu).toMatchObject({ reason: 'software-gpu', why: expect.stringContaining('slower') });
});

test('an engine that failed says how; one whose numbers were wrong too', () => {
  const parts = { expected: 'a', received: 'b', remedy: 'c' };
  const failures = new Map([['wgsl', new DegrainError('engine-unavailable', parts)]] as const);
  expect(brief(explainEngines('auto', here, { card, failures, engine: 'tfjs-webgpu' })).slice(0, 2)).toEqual([
    ['wgsl', 'failed', 'engine-unavailable'],
    ['tfjs-webgpu', 'chosen'],
  ]);
  expect(brief(explainEngines('auto', here, { card, failures: nothing, engine: 'wasm' }))[0]).toEqual([
    ...['wgsl', 'failed', 'engine-failed'],
  ]);
});

test('a filter stands before the engines; a large model is none for the edge', () => {
  const tiny = { ...here, pixels: 100 };
  const mean = explainEngines('auto', tiny, { card: published('mean'), failures: nothing, engine: 'filter' });
  expect(brief(mean).slice(0, 2)).toEqual([
    ['filter', 'chosen'],
    ['wgsl', 'not-needed'],
  ]);
  const large = { ...(card as NetworkCard), gmacsPerMegapixel: 1e4 };
  const photo = explainEngines('auto', tiny, { card: large, failures: nothing, engine: 'wasm' });
  expect(brief(photo).at(-1)).toEqual(['edge', 'model-too-large']);
});
