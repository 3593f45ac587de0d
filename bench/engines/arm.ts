import type { ModelFiles, TileEngine } from '../../models/engine.ts';

/** An engine or a peer, to be opened. */
export interface Arm {
  readonly name: string;
  /** On an emulated GPU only small windows end. */
  readonly on: 'gpu' | 'wasm';
  /** Which of the published weights it runs, whose golden answers are then its own; int8 unless told. */
  readonly weights?: 'f16';
  /** Computes in float16, which some GPUs have. */
  readonly half?: true;
  /** Threads that it may use; one unless told. */
  readonly threads?: number;
  /** Where it is another network than the others': its time is told, and compared per operation only. */
  readonly network?: OtherNetwork;
  open(): Promise<Runner>;
}

export interface OtherNetwork {
  readonly name: string;
  readonly inputChannels: number;
  readonly gmacsPerMegapixel: number;
}

/** What of an engine is measured. */
export interface Runner extends Pick<TileEngine, 'run' | 'dispose' | 'inFlight'> {
  /** NCHW as PyTorch's is turned around before and after the clock runs: who uses it has it so. NHWC unless told. */
  readonly layout?: 'NCHW';
}

/** What differs between Node and a page. */
export interface Host {
  adapter(): Promise<GPUAdapter>;
  /** Where the published model lies, as `https://…/fast/1.2.0/`. */
  readonly model: string;
  /** A file of bench/peers/node_modules, to import. */
  peer(path: string): string;
  /** The ONNX file. @throws where none could be made */
  onnx(half: boolean): Promise<Uint8Array>;
  /** The library's engine on the processor, with as many workers: in the product, as there are cores for. */
  openWasm(files: ModelFiles, workers: number): Promise<Runner>;
  /** TF.js as published, with as many threads, beside whatever else of TF.js runs. */
  openTfjsWasm(threads: number): Promise<Runner>;
  /** A build of ONNX Runtime Web for WebAssembly alone, as a module that nobody else has started. */
  ortWasm(threads: number): string;
}
