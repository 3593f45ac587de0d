import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { build } from './build.ts';
import { type Bindings, boundBindings, declaredBindings, disagreements } from './deploy/bindings.ts';
import { BUDGET, gzipBytes, KIB, type Metafile, type Part, partsOf } from './deploy/size.ts';
import { root } from './root.ts';

// `npm run deploy:check`: everything that a deployment does but the upload, and whether it fits.

const folder = `${root}.local/deploy-check/`;
const LISTED = 15;

/** Bundles as `wrangler deploy` does. */
async function bundle(): Promise<{ modules: Uint8Array[]; metafile: Metafile }> {
  await rm(folder, { recursive: true, force: true });
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  const options = ['deploy', '--dry-run', `--outdir=${folder}`, `--metafile=${folder}meta.json`];
  await promisify(execFile)(process.execPath, [wrangler, ...options], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const uploaded = (await readdir(folder)).filter((name) => !/\.(map|md)$|^meta\.json$/.test(name));
  const modules = await Promise.all(uploaded.map((name) => readFile(folder + name)));
  return { modules, metafile: JSON.parse(await readFile(`${folder}meta.json`, 'utf8')) as Metafile };
}

const kib = (bytes: number) => `${(bytes / KIB).toFixed(1).padStart(8)} KiB`;

function listParts(parts: readonly Part[]): void {
  const rest = parts.slice(LISTED).reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of [...parts.slice(0, LISTED), { name: 'the rest', bytes: rest }]) {
    console.log(`${kib(bytes)}  ${name}`);
  }
}

await build();
const { modules, metafile } = await bundle();
console.log('\nIn the bundle, before compression:');
listParts(partsOf(metafile));

const size = gzipBytes(modules);
console.log(`\n${kib(size)}  the upload, gzip; ${kib(BUDGET).trim()} are its budget`);
const faults = disagreements(
  declaredBindings(await readFile(`${root}worker/env.ts`, 'utf8')),
  boundBindings(unstable_readConfig({ config: `${root}wrangler.toml` }) as Bindings),
);
if (size > BUDGET)
  faults.push(`The upload is ${kib(size - BUDGET).trim()} over its budget: see above what takes the space.`);

for (const fault of faults) console.error(`✗ ${fault}`);
if (faults.length > 0) process.exitCode = 1;
else console.log('✓ It fits, and wrangler.toml binds what the code declares.');
