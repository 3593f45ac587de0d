import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf } from '../../selfhost/assets/addresses.ts';
import { headersFor, readRules } from '../../selfhost/assets/rules.ts';
import { root } from '../paths.ts';
import { pathOf, published, WEIGHTS } from '../worker/buckets.ts';
import { NodeServer } from './server.ts';

let server: NodeServer;
beforeAll(async () => {
  server = await NodeServer.start();
});
afterAll(() => server.close());

const weights = published(WEIGHTS.name);
const ask = (headers: Record<string, string> = {}) => server.fetch(pathOf(WEIGHTS.name), { headers });

test('weights come whole, and say that parts can be had', async () => {
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('accept-ranges')).toBe('bytes');
  expect(answer.headers.get('content-length')).toBe(String(WEIGHTS.bytes));
  expect(Buffer.from(await answer.arrayBuffer()).equals(weights)).toBe(true);
});

test('a download goes on where it broke, unless the file is another by now', async () => {
  const etag = (await ask()).headers.get('etag') as string;
  const rest = await ask({ range: 'bytes=1000-', 'if-range': etag });
  expect(rest.status).toBe(206);
  expect(rest.headers.get('content-range')).toBe(`bytes 1000-${WEIGHTS.bytes - 1}/${WEIGHTS.bytes}`);
  expect(rest.headers.get('access-control-allow-origin')).toBe('*');
  expect(Buffer.from(await rest.arrayBuffer()).equals(weights.subarray(1000))).toBe(true);
  expect((await ask({ range: 'bytes=1000-', 'if-range': '"other"' })).status).toBe(200);
});

test('a range beyond the end is none', async () => {
  const answer = await ask({ range: `bytes=${WEIGHTS.bytes}-` });
  expect(answer.status).toBe(416);
  expect(answer.headers.get('content-range')).toBe(`bytes */${WEIGHTS.bytes}`);
});

test.each([
  ['index.html', '/', ['/index', '/index.html']],
  ['usage/index.html', '/usage/', ['/usage/index', '/usage/index.html', '/usage']],
  ['docs.html', '/docs', ['/docs/', '/docs.html']],
  ['degrain.js', '/degrain.js', []],
])('%s is at %s', (file, address, from) => {
  expect(addressesOf(file)).toEqual({ address, from });
});

const rules = readRules(`/models/*
  A: 1
/models/*.q8
  B: 2
  C: x: y

/a.js
  A: 3
https://:a.:b/*
  D: 4
`);

test.each([
  ['http://localhost/models/x/y.q8', { a: '1', b: '2', c: 'x: y' }],
  ['http://localhost/models/x', { a: '1' }],
  ['http://localhost/x/models/y', {}],
  ['http://localhost/a.js', { a: '3' }],
  ['http://localhost/abjs', {}],
  ['https://a.example:8443/a.js', { a: '3', d: '4' }],
  ['https://b.a.example/', {}],
  ['http://a.example/', {}],
])('the rules for %s', (url, headers) => {
  expect(Object.fromEntries(headersFor(new URL(url), rules))).toEqual(headers);
});

test('all that the build writes is understood, and nothing else taken for it', () => {
  const text = readFileSync(`${root}dist/_headers`, 'utf8');
  expect(readRules(text).length).toBe(text.match(/^\S/gm)?.length);
  expect(() => readRules('/a\n  ! Removed')).toThrow('Name: value');
});
