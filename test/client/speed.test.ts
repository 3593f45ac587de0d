import { beforeEach, expect, test, vi } from 'vitest';
import type { Finished } from '../../client/protocol.ts';

let stored: Map<string, string>;
let speed: typeof import('../../client/speed.ts');
beforeEach(async () => {
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
  vi.resetModules();
  speed = await import('../../client/speed.ts');
  return () => vi.unstubAllGlobals();
});

const finished = (ms: number, computedPixels: number, engine = 'wasm') =>
  ({ model: 'fast@1.2.0', engine, computedPixels, timings: { tiles: ms } }) as Finished;

test('nothing is said before the first picture, nor of another model or engine', () => {
  expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeUndefined();
  speed.rememberSpeed(finished(500, 1e6));
  expect(speed.predictedTime('fast@1.2.0', 'wasm', 3e6)).toBeCloseTo(1500);
  expect(speed.predictedTime('fast@1.2.0', 'tfjs-webgpu', 1e6)).toBeUndefined();
  expect(speed.predictedTime('photo@1.0.0', 'wasm', 1e6)).toBeUndefined();
});

test('large and late pictures count most; where nothing was done, none does', () => {
  speed.rememberSpeed(finished(100, 1e4));
  speed.rememberSpeed(finished(2000, 2e6));
  speed.rememberSpeed(finished(0, 0));
  expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeCloseTo(2050 / 2.005, 3);
  for (let i = 0; i < 20; i++) speed.rememberSpeed(finished(300, 1e6));
  expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeCloseTo(300, 0);
});

test.each(['{', '7', '{"fast@1.2.0 wasm":7}', '{"fast@1.2.0 wasm":{"ms":1,"megapixels":0}}'])(
  'what others have written is no speed: %s',
  (text) => {
    stored.set('degrain-speed', text);
    expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeUndefined();
    speed.rememberSpeed(finished(500, 1e6));
    expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeCloseTo(500);
  },
);

test('a page that may not keep anything remembers as long as it is open', () => {
  vi.stubGlobal('localStorage', undefined);
  speed.rememberSpeed(finished(500, 1e6));
  expect(speed.predictedTime('fast@1.2.0', 'wasm', 1e6)).toBeCloseTo(500);
});
