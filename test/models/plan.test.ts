import { describe, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { findCard, listCards } from '../../models/catalog.ts';
import { choosePrecision, planFor, withCost } from '../../models/plan.ts';

const fast = findCard('fast') as ModelCard;
const gpu = { backend: 'webgpu', shaderF16: true } as const;
const good = { downlinkMbps: 10 };

describe('f16', () => {
  test('is for a GPU that computes in it, over a connection that is known to be good', () => {
    expect(choosePrecision(fast, gpu, good)).toBe('f16');
    expect(choosePrecision(fast, { shaderF16: true }, { ...good, saveData: false })).toBe('f16');
  });

  test.each([
    ['an unknown connection', gpu, {}],
    ['a slow one', gpu, { downlinkMbps: 9.99 }],
    ['a visitor who asked for less data', gpu, { ...good, saveData: true }],
    ['a GPU that does not compute in it', { backend: 'webgpu', shaderF16: false }, good],
    ['a device that says nothing of itself', {}, good],
    ['a processor', { backend: 'wasm', shaderF16: true }, good],
  ] as const)('is not for %s', (_, device, connection) => {
    expect(choosePrecision(fast, device, connection)).toBe('q8');
  });

  test('is what a plan says where nothing else is published, and of filters nothing is', () => {
    for (const card of listCards()) {
      const { precision } = withCost(card, choosePrecision(card, gpu, good), planFor(card, 28, 28, gpu));
      const published = card.family === 'filter' ? ['weights-q8'] : card.files.map(({ role }) => role);
      expect(published, card.id).toContain(`weights-${precision}`);
    }
  });
});

test('the same question gets the same answer', () => {
  const ask = () => JSON.stringify(withCost(fast, 'q8', planFor(fast, 4032, 3024, { backend: 'wasm' })));
  expect(ask()).toBe(ask());
});
