import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { stateFolder } from '../../paths.ts';

const folder = `${stateFolder}probe`;
let built: Promise<string> | undefined;

/** Bundles probe.ts, once per run, and returns the folder: the product's own bundle stays without it. */
export function buildProbe(): Promise<string> {
  built ??= build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('./', import.meta.url)),
    base: './',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: { probe: fileURLToPath(new URL('./probe.ts', import.meta.url)) },
        preserveEntrySignatures: 'exports-only',
        output: { entryFileNames: '[name].js' },
      },
    },
  }).then(() => folder);
  return built;
}
