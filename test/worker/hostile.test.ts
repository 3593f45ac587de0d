import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { INVALID, TOO_LARGE } from '../hostile/attacks.ts';
import { BROKEN_JPEGS, TOO_LARGE_JPEGS } from '../hostile/jpeg.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem, post, postPng, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

/** ms, for the answer. Far above what is measured, as other things run on the machine. */
const PROMPT = 1000;

/** Whatever came, the edge goes on serving, and promptly. */
afterEach(async () => {
  expect((await postPng(edge, plainPng(8, 8), '?sigma=10')).status).toBe(200);
});

async function expectRefusal(file: Uint8Array<ArrayBuffer>, status: number, code: string, type = 'image/png') {
  const started = performance.now();
  const problem = await expectProblem(await post(edge, file, { type }), status, code);
  expect(performance.now() - started).toBeLessThan(PROMPT);
  return problem;
}

test.each(Object.entries(INVALID))('%s is refused', async (_, make) => {
  await expectRefusal(make(), 400, 'invalid-image');
});

test('a file cut short anywhere is refused', async () => {
  const file = plainPng(6, 4);
  for (let length = 0; length < file.length; length += 7) {
    await expectProblem(await postPng(edge, file.slice(0, length)), 400, 'invalid-image');
  }
});

test.each(Object.entries(TOO_LARGE))('%s is too large', async (_, make) => {
  await expectRefusal(make(), 413, 'image-too-large');
});

test.each(Object.entries(BROKEN_JPEGS))('%s is refused', async (_, make) => {
  await expectRefusal(make(), 400, 'invalid-image', 'image/jpeg');
});

test.each(Object.entries(TOO_LARGE_JPEGS))('%s is too large', async (_, make) => {
  await expectRefusal(make(), 413, 'image-too-large', 'image/jpeg');
});

test('an image of one pixel too many carries a plan and a link, and nothing is counted', async () => {
  const problem = await expectRefusal(plainPng(257, 256), 413, 'image-too-large');
  expect(problem.received).toContain('257 x 256 = 65792 pixels');
  expect(problem.plan).toMatchObject({ model: { id: 'fast' }, tiles: [{ x: 0, y: 0, width: 257, height: 256 }] });
  expect(problem.plan).not.toHaveProperty('planId');
  const { page, plans } = problem.links as Record<string, string>;
  const answer = await edge.fetch(page as string);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch('text/html');
  expect(new URL(plans as string).pathname).toBe('/v1/plans');
  const usage = await edge.fetch('/v1/usage', { headers: secret });
  expect(((await usage.json()) as { total: { plans: number } }).total.plans).toBe(0);
});

const limit = 1048576;
const heavy = () => {
  const file = new Uint8Array(8 * limit);
  file.set(plainPng(200, 100));
  return file;
};

test('a file of too many bytes is refused by its length, with the plan for its size', async () => {
  const problem = await expectRefusal(heavy(), 413, 'image-too-large');
  expect(problem.received).toContain('200 x 100');
  expect(problem.plan).toMatchObject({ width: 200, height: 100 });
});

test('a stream of unknown length is read up to the limit and no further', async () => {
  const file = heavy();
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent >= file.length) return controller.close();
      controller.enqueue(file.subarray(sent, sent + 65536));
      sent += 65536;
    },
  });
  const headers = { ...secret, 'content-type': 'image/png' };
  const response = await edge.fetch('/v1/denoise', { method: 'POST', body: stream as never, duplex: 'half', headers });
  await expectProblem(response, 413, 'image-too-large');
});
