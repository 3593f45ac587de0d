import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { stateFolder } from '../../paths.ts';

export const probeFolder = `${stateFolder}probe`;

/** Bundles probe.ts, once per run: the product's own bundle stays without it. */
export async function buildProbe(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('./', import.meta.url)),
    base: './',
    publicDir: false,
    build: {
      outDir: probeFolder,
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
  });
}
