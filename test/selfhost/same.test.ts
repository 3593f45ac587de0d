import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLeaves } from '../../cli/evaluation/scenes.ts';
import { toRaster } from '../../models/image.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { encodePng } from '../../worker/png/codec.ts';
import { type Edge, startWorkerd } from '../worker/harness.ts';
import { cases, longProfile } from '../worker/jpeg/stored.ts';
import { post, postJson } from '../worker/requests.ts';
import { startNodeEdge } from './server.ts';

let node: Edge;
let workerd: Edge;
beforeAll(async () => {
  [node, workerd] = await Promise.all([startNodeEdge(), startWorkerd()]);
});
afterAll(() => Promise.all([node.close(), workerd.close()]));

const noisy = addGaussian(deadLeaves(96, 80, 3), 25, { seed: 3, eightBit: true });
const png = () => encodePng(toRaster(noisy, undefined, 8));
const deep = () => encodePng(toRaster(noisy, undefined, 16));
const jpeg = async () => cases.find(({ name }) => name === '4:2:0')?.file as Uint8Array<ArrayBuffer>;

describe('the same bytes as from the edge', () => {
  test.each([
    ['a PNG', png, 'image/png', undefined, '?model=fast'],
    ['16 bits', deep, 'image/png', undefined, '?model=fast&sigma=25'],
    ['a JPEG', jpeg, 'image/jpeg', undefined, '?sigma=20&strength=0.7&chroma=0.5'],
    ['a JPEG of a PNG', png, 'image/png', 'image/jpeg', '?model=photo'],
    ['a PNG of a JPEG with a colour profile', async () => longProfile, 'image/jpeg', 'image/png', '?sigma=20'],
    ['a filter', png, 'image/png', undefined, '?model=median&sigma=25'],
  ] as const)('%s', async (_, make, type, accept, query) => {
    const file = await make();
    const [here, there] = await Promise.all([node, workerd].map((edge) => post(edge, file, { query, type, accept })));
    const [ours, theirs] = await Promise.all([here, there].map(async (answer) => answer?.arrayBuffer()));
    expect(here?.status, Buffer.from(ours as ArrayBuffer).toString('latin1', 0, 400)).toBe(200);
    for (const name of ['content-type', 'degrain-model', 'degrain-sigma', 'degrain-megapixels']) {
      expect(here?.headers.get(name), name).toBe(there?.headers.get(name));
    }
    expect(Buffer.from(ours as ArrayBuffer).equals(Buffer.from(theirs as ArrayBuffer))).toBe(true);
  });
});

test('the same plan', async () => {
  const planId = crypto.randomUUID();
  const ask = async (edge: Edge) => {
    const body = { model: 'fast', width: 4000, height: 3000, planId, device: { backend: 'webgpu' } };
    const text = await (await postJson(edge, '/v1/plans?key=pk_local', body)).text();
    return JSON.parse(text.replaceAll(edge.url.origin, 'https://edge'));
  };
  expect(await ask(node)).toEqual(await ask(workerd));
});

/** What there is to say of an answer that is a file's. */
async function fileAnswer(edge: Edge, method: string, path: string, headers: Record<string, string> = {}) {
  const answer = await edge.fetch(path, { method, headers, redirect: 'manual' });
  const kept = ['content-type', 'cache-control', 'location', 'access-control-allow-origin', 'content-security-policy'];
  const told = Object.fromEntries(kept.map((name) => [name, answer.headers.get(name)]));
  const body = Buffer.from(await answer.arrayBuffer());
  // a problem names its request
  const text = body.toString('latin1').replace(/[0-9a-f-]{36}/, '');
  return { status: answer.status, ...told, body: text };
}

test.each([
  ...['/', '/index.html', '/index', '/docs', '/docs/', '/docs.html', '/docs?a=1', '/docs.html?a=1'],
  ...['/usage', '/usage/', '/usage/index', '/usage/index.html', '/degrain.js', '/openapi.json'],
  ...['/_headers', '/nope', '/assets', '/assets/', '/assets/nope.js', '/models/', '/%', '/%2e%2e/package.json'],
  ...[
    '/..%2fpackage.json',
    '/models/..%2f..%2fpackage.json',
    '/%64ocs',
    '/%64ocs.html',
    '/degrain%2ejs',
    '/v1/nope',
    '/healthz/',
  ],
])('%s is answered as at the edge', async (path) => {
  for (const method of ['GET', 'HEAD', 'POST']) {
    const [ours, theirs] = await Promise.all([node, workerd].map((edge) => fileAnswer(edge, method, path)));
    expect(ours, method).toEqual(theirs);
  }
});
