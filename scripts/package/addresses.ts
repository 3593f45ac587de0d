import type { Plugin } from 'vite';

/**
 * Where the parts of the package find each other, whoever serves them. `new URL('./file', import.meta.url)` is what
 * bundlers know: they copy the file, and put its new address there. The worker they copy without looking into it, so the
 * page tells it by its own address where the WebAssembly and the worker for tiles are.
 */
export const pageAddresses: Plugin = {
  name: 'page-addresses',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('?worker&url') ? '\0worker-address' : undefined),
  load: (id) => (id === '\0worker-address' ? WORKER : undefined),
  // vite's way to keep its hands off an address; others have to find it
  renderChunk: (code) => code.replaceAll('"" + import.meta.url', 'import.meta.url'),
};

const WORKER = `export default /* @__PURE__ */ (() => {
  const worker = new URL('./worker.js', import.meta.url);
  worker.searchParams.set('wasm', new URL('./wasm-simd.wasm', import.meta.url).href);
  worker.searchParams.set('tiles', new URL('./tiles.js', import.meta.url).href);
  return worker.href;
})();`;

/** What the worker imports, by the ending of its name, and the parameter that says where it is. */
const PARAMETERS = { '.wasm?url': 'wasm', '?worker&url': 'tiles' };

export const workerAddresses: Plugin = {
  name: 'worker-addresses',
  enforce: 'pre',
  resolveId(source) {
    const found = Object.entries(PARAMETERS).find(([ending]) => source.endsWith(ending));
    return found && `\0address:${found[1]}`;
  },
  load: (id) =>
    id.startsWith('\0address:')
      ? `export default new URL(import.meta.url).searchParams.get('${id.slice('\0address:'.length)}') ?? '';`
      : undefined,
};
