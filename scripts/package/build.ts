import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build as viteBuild } from 'vite';
import { root } from '../root.ts';
import { pageAddresses, workerAddresses } from './addresses.ts';
import { writeTypes } from './types.ts';

/** Git passes it over. */
export const packageFolder = `${root}.local/package/`;

const WASM = `${root}node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm`;

/** Fills `folder` with what `npm publish` there uploads: built files, types, and a package.json without dependencies. */
export async function buildPackage(folder = packageFolder): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await bundle(folder, 'client/index.ts', 'index.js', pageAddresses);
  await bundle(folder, 'client/worker.ts', 'worker.js', workerAddresses);
  await bundle(folder, 'client/engine/wasm/tile-worker.ts', 'tiles.js', workerAddresses);
  await cp(WASM, `${folder}wasm-simd.wasm`);
  await promisify(execFile)(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-b', 'tsconfig.client.json'],
    {
      cwd: root,
    },
  );
  await writeTypes(`${root}.types/`, folder, 'client/index.d.ts');
  await cp(`${root}LICENSE`, `${folder}LICENSE`);
  await cp(`${root}scripts/package/README.md`, `${folder}README.md`);
  await writeFile(`${folder}package.json`, `${JSON.stringify(await manifest(), undefined, 2)}\n`);
}

/**
 * One file each: a bundler that packs the page's half copies the worker as it is, and would leave chunks of it behind.
 * Not minified: who packs it does that, and others can read it. The workers nobody packs.
 */
async function bundle(folder: string, entry: string, file: string, plugin: typeof pageAddresses): Promise<void> {
  await viteBuild({
    configFile: false,
    // it warns of addresses that only whoever packs the package can resolve, and of the worker's size
    logLevel: 'error',
    root,
    publicDir: false,
    plugins: [plugin],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      minify: file !== 'index.js',
      modulePreload: false,
      rolldownOptions: {
        input: root + entry,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: file, codeSplitting: false },
      },
    },
  });
}

async function manifest() {
  const { name, version, description, license } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  return {
    ...{ name, version, description, license },
    keywords: ['denoise', 'image', 'photo', 'webgpu', 'webassembly', 'noise-reduction'],
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { types: './types/client/index.d.ts', default: './index.js' },
      './package.json': './package.json',
    },
    files: ['index.js', 'worker.js', 'tiles.js', 'wasm-simd.wasm', 'types'],
  };
}

if (import.meta.main) {
  await buildPackage();
  console.log(`${packageFolder} is ready: npm publish ${packageFolder}`);
}
