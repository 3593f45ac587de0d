import emscripten from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';

/** An array in wasm's memory, float32. */
export interface Tensor {
  readonly shape: readonly number[];
  /** What kernels know it by. */
  readonly id: number;
  /** Bytes from the start of the memory. */
  readonly offset: number;
}

type Argument = 'number' | 'array';

/** Emscripten's module, as far as it is used here: the package's own types want globals of another package. */
interface Emscripten {
  readonly HEAPF32: Float32Array;
  cwrap(name: string, returns: null, takes: readonly Argument[]): (...values: (number | Uint8Array)[]) => void;
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

type Factory = (options: {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
  onAbort(reason: unknown): void;
}) => Promise<Emscripten>;

const FLOAT_BYTES = 4;

export const elements = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/**
 * TF.js's wasm kernels and the memory that they work in. The rest of TF.js is left out: its graphs, gradients and
 * hundreds of operations are twice as large as the whole of this worker, and what the published networks need of them
 * is in network.ts and operations.ts.
 */
export class Tensors {
  readonly #module: Emscripten;
  readonly #functions = new Map<string, (...values: (number | Uint8Array)[]) => void>();
  #lastId = 0;
  #count = 0;

  private constructor(module: Emscripten) {
    this.#module = module;
    this.call('init');
  }

  /** The binary is compiled when the worker is uploaded; nothing here waits for what belongs to one request. */
  static async open(binary: WebAssembly.Module): Promise<Tensors> {
    const module = await new Promise<Emscripten>((resolve, reject) => {
      const factory = emscripten as unknown as Factory;
      factory({
        instantiateWasm(imports, done) {
          const instance = new WebAssembly.Instance(binary, imports);
          done(instance);
          return instance.exports;
        },
        onAbort: reject,
      }).then(resolve, reject);
    });
    return new Tensors(module);
  }

  /** How many there are, for tests. */
  get count(): number {
    return this.#count;
  }

  /** Of undefined contents. */
  make(shape: readonly number[]): Tensor {
    // a signed number beyond 2 GB
    const offset = this.#module._malloc(elements(shape) * FLOAT_BYTES) >>> 0;
    const id = ++this.#lastId;
    this.call('register_tensor', id, elements(shape), offset);
    this.#count++;
    return { shape, id, offset };
  }

  free({ id, offset }: Tensor): void {
    this.#module._free(offset);
    this.call('dispose_data', id);
    this.#count--;
  }

  /**
   * Lets go of what kernels prepared for these weights: a second copy of them, and a pointer for each number that a
   * convolution reads. They would be kept until the weights go: for one image of 256 x 256 `fast` had 42 MB then, and
   * has 17 without. Making them anew each time shows in no measurement.
   */
  forgetPrepared(weights: readonly Tensor[]): void {
    for (const { id, shape, offset } of weights) {
      this.call('dispose_data', id);
      this.call('register_tensor', id, elements(shape), offset);
    }
  }

  /** A view, good until the next tensor is made: the memory may move. */
  values({ shape, offset }: Tensor): Float32Array {
    return this.#module.HEAPF32.subarray(offset / FLOAT_BYTES, offset / FLOAT_BYTES + elements(shape));
  }

  /** Calls a kernel; lists of numbers go as int32. A name is always called with arguments of the same kinds. */
  call(name: string, ...values: readonly (number | readonly number[])[]): void {
    let kernel = this.#functions.get(name);
    if (!kernel) {
      const takes = values.map((value) => (typeof value === 'number' ? 'number' : 'array'));
      kernel = this.#module.cwrap(name, null, takes);
      this.#functions.set(name, kernel);
    }
    kernel(
      ...values.map((value) => (typeof value === 'number' ? value : new Uint8Array(Int32Array.from(value).buffer))),
    );
  }
}
