import { afterEach, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import { ThreadDenoiser } from '../../selfhost/denoiser/denoiser.ts';
import { Problem } from '../../worker/http/problem.ts';
import { decodePng } from '../../worker/png/codec.ts';
import { plainPng } from '../hostile/png.ts';
import { root } from '../paths.ts';

const limits = { maxBytes: 2 ** 20, maxPixels: 2 ** 16 };
const card = findCard('fast') as ModelCard;

const received = (bytes: Uint8Array<ArrayBuffer>, width: number, height: number) => ({
  type: 'image/png' as const,
  bytes,
  width,
  height,
  limits,
  fits: true,
});
const answers = ['image/png' as const];
const small = received(plainPng(8, 8), 8, 8);

let denoiser: ThreadDenoiser;
afterEach(() => denoiser.close());

test('what goes wrong in the thread keeps its code and words', async () => {
  denoiser = new ThreadDenoiser(`${root}dist`);
  const broken = denoiser.denoiseFile(card, received(plainPng(8, 8).slice(0, 60), 8, 8), answers, {});
  await expect(broken).rejects.toBeInstanceOf(Problem);
  await expect(broken).rejects.toMatchObject({ code: 'invalid-image', parts: { expected: expect.any(String) } });
});

test('a fault of ours is one, with its stack for the log', async () => {
  denoiser = new ThreadDenoiser('/no/such/folder');
  const fault = denoiser.denoiseFile(card, small, answers, { sigma: 20 });
  await expect(fault).rejects.toMatchObject({ code: 'internal', cause: expect.stringContaining('ENOENT') });
});

test('when the thread ends one image fails, and the next one gets a new thread', async () => {
  denoiser = new ThreadDenoiser(`${root}dist`);
  const image = denoiser.denoiseFile(card, received(plainPng(256, 256), 256, 256), answers, { sigma: 20 });
  const failed = expect(image).rejects.toThrow('thread ended');
  await denoiser.close();
  await failed;
  const { file, sigma } = await denoiser.denoiseFile(card, small, answers, { sigma: 20 });
  expect(sigma).toBe(20);
  expect(decodePng(file, limits).image).toMatchObject({ width: 8, height: 8 });
});
