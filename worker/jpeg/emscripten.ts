/** What the codec's two modules look like from here; the package's own types want globals of another package. */
export interface Decoder {
  /** RGBA, also of grey. */
  decode(file: Uint8Array, turn: boolean): { data: Uint8ClampedArray; width: number; height: number } | null;
}

export interface Encoder {
  encode(rgba: Uint8Array, width: number, height: number, options: EncodeOptions): Uint8Array<ArrayBuffer>;
}

/** Of mozjpeg, by the names that the package has for them. */
export interface EncodeOptions {
  readonly quality: number;
  readonly baseline: boolean;
  readonly arithmetic: boolean;
  readonly progressive: boolean;
  readonly optimize_coding: boolean;
  readonly smoothing: number;
  readonly color_space: number;
  readonly quant_table: number;
  readonly trellis_multipass: boolean;
  readonly trellis_opt_zero: boolean;
  readonly trellis_opt_table: boolean;
  readonly trellis_loops: number;
  readonly auto_subsample: boolean;
  readonly chroma_subsample: number;
  readonly separate_chroma_quality: boolean;
  readonly chroma_quality: number;
}

export type Factory = (options: {
  noInitialRun: true;
  printErr(line: string): void;
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
}) => Promise<unknown>;

/**
 * A codec's module, started when it is first wanted and kept: never the promise of one, which belongs to the request
 * that made it. What it prints is collected: libjpeg's warnings come no other way.
 */
export class Instance<Api> {
  readonly #factory: Factory;
  readonly #binary: WebAssembly.Module;
  #api: Api | undefined;
  #printed: string[] = [];

  constructor(factory: Factory, binary: WebAssembly.Module) {
    this.#factory = factory;
    this.#binary = binary;
  }

  /**
   * After a failure the module goes, and its memory with it: libjpeg leaves by exit() and cleans nothing up, and a
   * trap leaves worse.
   */
  async use<Result>(work: (api: Api) => Result): Promise<{ result: Result; printed: readonly string[] }> {
    const api = this.#api ?? (await this.#start());
    this.#api ??= api;
    this.#printed = [];
    try {
      return { result: work(api), printed: this.#printed };
    } catch (failure) {
      this.#api = undefined;
      throw new CodecFailure(this.#printed.join('; ') || String(failure), { cause: failure });
    }
  }

  #start(): Promise<Api> {
    return this.#factory({
      noInitialRun: true,
      printErr: (line) => this.#printed.push(line),
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(this.#binary, imports);
        done(instance);
        return instance.exports;
      },
    }) as Promise<Api>;
  }
}

export class CodecFailure extends Error {}
