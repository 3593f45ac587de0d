import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Addresses that other sites embed: no hash in their names. Everything else is hashed and cached for a year.
const stableNames = new Set(['degrain', 'widget']);

/** client/index.html is served as `/`, client/app/index.html as `/app/`, and so on. */
const pages = globSync('{.,*}/index.html', { cwd: fromHere('client') }).sort();
const nameOf = (page: string) => page.split('/').at(-2) ?? 'landing';

/** The page is a site like any other: its key stands in its HTML. `pk_local` is good at a local edge only. */
const siteKey: Plugin = {
  name: 'site-key',
  transformIndexHtml: (html) => html.replace('%SITE_KEY%', process.env.DEGRAIN_SITE_KEY ?? 'pk_local'),
};

/** A noisy picture under a stable name, for those who try the element on a page of theirs. */
const examplePicture: Plugin = {
  name: 'example-picture',
  generateBundle() {
    this.emitFile({
      type: 'asset',
      fileName: 'example.jpg',
      source: readFileSync(fromHere('client/landing/hero.jpg')),
    });
  },
};

const PRELOAD_HELPER = '\0vite/preload-helper.js';

/**
 * vite's helper around `import()` loads the styles of what is imported. Scripts that others embed import none, and would
 * have to fetch the helper first: one more round trip. They get a line of their own instead.
 */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  resolveId: (id, importer = '') =>
    id === PRELOAD_HELPER && /\/client\/(index\.ts|widget\/)/.test(importer) ? `\0plain-import:${importer}` : undefined,
  load: (id) => (id.startsWith('\0plain-import:') ? 'export const __vitePreload = (load) => load();' : undefined),
};

/**
 * A page that may start no worker imports its bundle (client/start-worker.ts), and vite would rename what that exports.
 * 'strict' gives what the worker's chunks share a chunk of its own: WebKit runs a worker's first script once more where
 * a chunk imports it, and that second one would take all messages.
 */
const workerExports: Plugin = {
  name: 'worker-exports',
  options: (options) => ({ ...options, preserveEntrySignatures: 'strict' }),
};

/** Page and library are one build, so that both load the same chunks: what the page has cached, the library has. */
export default defineConfig({
  root: fromHere('client'),
  // Relative addresses, so that chunks are found beside degrain.js when a page of another origin imports it.
  base: './',
  publicDir: false,
  plugins: [siteKey, plainImports, examplePicture],
  build: {
    outDir: fromHere('dist'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        ...Object.fromEntries(pages.map((page) => [nameOf(page), fromHere(`client/${page}`)])),
        degrain: fromHere('client/index.ts'),
        widget: fromHere('client/widget/index.ts'),
      },
      // The library's exports are what it is for, and without this the bundler drops them. 'exports-only' would leave
      // degrain.js a line that imports a chunk: one more round trip for every page that embeds it.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (stableNames.has(name) ? '[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [workerExports],
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
      },
    },
  },
});
