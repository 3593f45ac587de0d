import { describe, expect, test } from 'vitest';
import { EDGE_MAX_PIXELS, engineOrder, type Surroundings } from '../../client/engine/choose.ts';
import { isSoftware } from '../../client/engine/gpu.ts';

const here: Surroundings = { gpu: 'hardware', wasm: true, pixels: 1e6 };

describe('the order of engines', () => {
  test('is the GPU with kernels of our own, then with those of TF.js, then wasm', () => {
    expect(engineOrder('auto', here)).toEqual(['wgsl', 'tfjs-webgpu', 'wasm']);
  });

  test('has the edge last, for tiny pictures', () => {
    expect(engineOrder('auto', { ...here, pixels: EDGE_MAX_PIXELS })).toEqual(['wgsl', 'tfjs-webgpu', 'wasm', 'edge']);
    expect(engineOrder('auto', { ...here, pixels: EDGE_MAX_PIXELS + 1 })).toEqual(['wgsl', 'tfjs-webgpu', 'wasm']);
  });

  test('leaves a GPU out that is emulated, unless it is named', () => {
    const software = { ...here, gpu: 'software' } as const;
    expect(engineOrder('auto', software)).toEqual(['wasm']);
    expect(engineOrder('wgsl', software)).toEqual(['wgsl']);
    expect(engineOrder(['wasm', 'tfjs-webgpu'], software)).toEqual(['wasm', 'tfjs-webgpu']);
  });

  test('takes one name for that engine and no other', () => {
    expect(engineOrder('wasm', here)).toEqual(['wasm']);
  });

  test('refuses what cannot be', () => {
    const nothing = { gpu: 'none', wasm: false, pixels: 1e6 } as const;
    expect(() => engineOrder('auto', nothing)).toThrow(expect.objectContaining({ code: 'engine-unavailable' }));
    expect(() => engineOrder('edge', here)).toThrow(expect.objectContaining({ code: 'engine-unavailable' }));
    expect(() => engineOrder('webnn' as never, here)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => engineOrder([], here)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

test.each([
  [{ vendor: 'google', architecture: 'swiftshader' }, true],
  [{ vendor: '', architecture: 'llvmpipe' }, true],
  [{ vendor: 'intel', architecture: 'xe', isFallbackAdapter: true }, true],
  [{ vendor: 'apple', architecture: 'common-3', isFallbackAdapter: false }, false],
  [{ vendor: 'nvidia', architecture: '' }, false],
] as const)('%o is emulated: %s', (info, expected) => {
  expect(isSoftware(info)).toBe(expected);
});
