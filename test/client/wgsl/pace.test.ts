import { expect, test } from 'vitest';
import { Pace } from '../../../client/engine/wgsl/pace.ts';

/** 1e9 multiply-accumulates per px, as `fast` has about. */
const PER_PIXEL = 70e-6;

test('nothing is known before a run', () => {
  const pace = new Pace();
  expect(pace.mostPixels(PER_PIXEL)).toBeUndefined();
  // 50 ms of what small integrated GPUs reach
  expect(pace.submissionGmacs).toBe(20);
});

test('submissions follow it to 50 ms, tiles to a second', () => {
  const pace = new Pace();
  pace.note(50, 1000, 1500);
  expect(pace.rate).toBe(100);
  expect(pace.submissionGmacs).toBe(5);
  expect(pace.mostPixels(PER_PIXEL)).toBe(Math.floor(100 / PER_PIXEL));
  for (let at = 2000; at < 2100; at += 10) pace.note(50, at, at + 10);
  expect(pace.submissionGmacs).toBeGreaterThan(245);
});

test('of runs that overlap each counts from the end of the one before', () => {
  const pace = new Pace();
  pace.note(50, 1000, 1500);
  pace.note(50, 1010, 2000);
  expect(pace.rate).toBe(100);
});

test('small windows say nothing: they take as long as the way to the GPU', () => {
  const pace = new Pace();
  pace.note(0.2, 1000, 1020);
  expect(pace.rate).toBeUndefined();
});

test('tiles stay large enough for what surrounds them', () => {
  const pace = new Pace();
  pace.note(5, 0, 10_000);
  expect(pace.mostPixels(PER_PIXEL)).toBe(2 ** 18);
});
