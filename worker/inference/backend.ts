import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import '@tensorflow/tfjs-backend-wasm/dist/register_all_kernels.js';
import emscripten from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm';
import { registerBackend } from '@tensorflow/tfjs-core';

/** What TF.js's kernels are registered for. */
export const BACKEND = 'wasm';

const PRIORITY = 2;

/** Emscripten's module, as far as it is used here: the package's own types want globals of another package. */
interface Emscripten {
  cwrap(name: string, returns: 'number' | null, takes: 'number'[]): (...values: number[]) => number;
  tfjs?: Record<string, (...values: number[]) => number>;
}

type Factory = (options: {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
  onAbort(reason: unknown): void;
}) => Promise<Emscripten>;

/**
 * TF.js's wasm backend for a runtime that compiles nothing: the binary comes as a module, compiled when the worker was
 * uploaded. The package's own start would fetch and compile it; this does what its `init` does besides.
 */
registerBackend(
  BACKEND,
  async () => {
    const module = await instantiate();
    const wrap = (name: string, arity: number, returns: 'number' | null = null) =>
      module.cwrap(name, returns, new Array<'number'>(arity).fill('number'));
    module.tfjs = {
      init: wrap('init', 0),
      initWithThreadsCount: wrap('init_with_threads_count', 1),
      getThreadsCount: wrap('get_threads_count', 0, 'number'),
      registerTensor: wrap('register_tensor', 3),
      disposeData: wrap('dispose_data', 1),
      // The module's memory goes when nothing refers to it; calling into one that has trapped would throw.
      dispose: () => 0,
    };
    return new BackendWasm(module as unknown as ConstructorParameters<typeof BackendWasm>[0]);
  },
  PRIORITY,
);

function instantiate(): Promise<Emscripten> {
  return new Promise((resolve, reject) => {
    const factory = emscripten as unknown as Factory;
    factory({
      instantiateWasm(imports, done) {
        // At once, so that starting waits for nothing that belongs to one request.
        const instance = new WebAssembly.Instance(simd, imports);
        done(instance);
        return instance.exports;
      },
      onAbort: reject,
    }).then(resolve, reject);
  });
}
