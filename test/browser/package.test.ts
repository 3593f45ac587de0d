import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPackage } from '../../scripts/package/build.ts';
import { root } from '../paths.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';

const run = promisify(execFile);

let edge: Edge;
let browser: Browser;
let work: string;
let packed: string[];

/** Packed as npm does it, and installed from the tarball in a project of somebody else's. */
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  work = await mkdtemp(join(tmpdir(), 'degrain-package-'));
  const folder = join(work, 'package/');
  await buildPackage(folder);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work], { cwd: folder });
  const [{ files, filename }] = JSON.parse(stdout) as [{ files: { path: string }[]; filename: string }];
  packed = files.map(({ path }) => path).sort();
  await mkdir(join(work, 'project'));
  await writeFile(join(work, 'project/package.json'), '{ "name": "project", "type": "module", "private": true }');
  const flags = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...flags, join(work, filename)], { cwd: join(work, 'project') });
});
afterAll(async () => {
  await browser.close();
  await edge.close();
  await rm(work, { recursive: true, force: true });
});

/** Somebody's page, built with vite; its script's text. */
async function buildPage(name: string, script: string): Promise<{ folder: string; code: string }> {
  const project = join(work, 'project');
  await writeFile(join(project, `${name}.js`), script);
  await writeFile(join(project, `${name}.html`), `<p id="said"></p><script type="module" src="./${name}.js"></script>`);
  const folder = join(work, name);
  await build({
    ...{ configFile: false, root: project, logLevel: 'error' },
    build: { outDir: folder, rolldownOptions: { input: join(project, `${name}.html`) } },
  });
  const assets = await readdir(join(folder, 'assets'));
  const entry = assets.find((file) => file.startsWith(name)) as string;
  return { folder, code: await readFile(join(folder, 'assets', entry), 'utf8') };
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

async function serve(folder: string): Promise<{ server: Server; origin: string }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page.example');
    try {
      const body = await readFile(join(folder, pathname));
      response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'application/octet-stream').end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('the tarball holds what it needs and no more', async () => {
  expect(packed.filter((path) => !path.startsWith('types/'))).toEqual([
    ...['LICENSE', 'README.md', 'index.js', 'package.json', 'tiles.js', 'wasm-simd.wasm', 'worker.js'],
  ]);
  expect(packed.filter((path) => path.startsWith('types/'))).toEqual([
    ...['types/client/contract.d.ts', 'types/client/edge/api.d.ts', 'types/client/index.d.ts'],
    ...['types/models/errors.d.ts', 'types/models/image.d.ts', 'types/models/mix.d.ts'],
    ...['types/models/precision.d.ts', 'types/models/tiles.d.ts'],
  ]);
  const installed = join(work, 'project/node_modules/degrain/');
  const manifest = JSON.parse(await readFile(`${installed}package.json`, 'utf8'));
  expect(manifest).toMatchObject({ name: 'degrain', type: 'module', sideEffects: false, license: 'Apache-2.0' });
  expect(manifest.dependencies).toBeUndefined();
  expect(await readdir(join(work, 'project/node_modules'))).not.toContain('zod');
});

test('a page that was built with it denoises against an edge elsewhere', async () => {
  const { folder } = await buildPage(
    'page',
    `import { createDenoiser } from 'degrain';
    const canvas = new OffscreenCanvas(60, 40);
    canvas.getContext('2d').fillRect(5, 5, 30, 20);
    const said = document.querySelector('#said');
    try {
      const denoiser = await createDenoiser({ endpoint: '${edge.url.origin}', key: 'pk_local', engine: 'wasm' });
      const { image, engine } = await denoiser.denoise(await canvas.convertToBlob(), { sigma: 20 });
      said.textContent = [engine, image.width, image.height].join(' ');
    } catch (failure) {
      said.textContent = failure.message;
    }`,
  );
  const { server, origin } = await serve(folder);
  const page = await browser.newPage();
  await page.goto(`${origin}/page.html`);
  await expect.poll(() => page.locator('#said').textContent(), { timeout: 30_000 }).toBe('wasm 60 40');
  // one for the denoiser, which has started one for tiles
  expect(page.workers().map((worker) => new URL(worker.url()).origin)).toEqual([origin, origin]);
  await page.close();
  server.close();
});

test('who imports an error alone gets nothing else', async () => {
  const { code } = await buildPage('error', `import { DegrainError } from 'degrain'; self.found = DegrainError;`);
  expect(code).toContain('DegrainError');
  expect(code.length).toBeLessThan(1500);
  expect(code).not.toContain('worker');
});

test('its types are enough for a strict compiler', async () => {
  const project = join(work, 'project');
  const options = { module: 'nodenext', strict: true, noEmit: true, lib: ['ES2023', 'DOM'], types: [] };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }));
  await writeFile(
    join(project, 'use.ts'),
    `import { createDenoiser, type DegrainError, type KeptModel, type Preflight } from 'degrain';
    const denoiser = await createDenoiser({ endpoint: 'https://edge.example', engine: ['wasm', 'edge'] });
    const { image }: { image: ImageData } = await denoiser.denoise(new Blob(), { sigma: 'auto', luma: 0.5 });
    const found: Preflight = await denoiser.preflight({ width: image.width, height: 2 });
    export const words = found.engines.map(({ why }): string => why);
    export const codes = (failure: DegrainError, kept: KeptModel) => [failure.code, kept.bytes];
    // @ts-expect-error no such engine
    await createDenoiser({ engine: 'none' });`,
  );
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  await expect(run(process.execPath, [tsc, '-p', project])).resolves.toMatchObject({ stdout: '' });
});
