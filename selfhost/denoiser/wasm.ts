import { registerHooks } from 'node:module';

/** What importing a .wasm gives at the edge, where it was compiled on upload: a compiled module. */
const compiled = (url: string) => `
  import { readFileSync } from 'node:fs';
  export default new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(url)})));
`;

registerHooks({
  load: (url, context, next) =>
    url.endsWith('.wasm') ? { format: 'module', source: compiled(url), shortCircuit: true } : next(url, context),
});
