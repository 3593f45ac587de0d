import type { ErrorCode } from '../models/errors.ts';
import type { RasterImage } from '../models/image.ts';
import type { Mix } from '../models/mix.ts';
import type { Precision } from '../models/precision.ts';
import type { Rectangle, TilePlan } from '../models/tiles.ts';

/** What runs the network. `edge` sends the picture to the endpoint: tiny ones only, when nothing else works. */
export type EngineName = 'wgsl' | 'tfjs-webgpu' | 'wasm' | 'edge';

export interface DenoiserOptions {
  /** The edge: where `degrain.js` came from, unless told. */
  readonly endpoint?: string | URL;
  /** The site's public key, `pk_…`. */
  readonly key?: string;
  /** `fast` unless told. */
  readonly model?: string;
  /**
   * `auto` (the default) takes the fastest that works here. A name takes that one and no other, a software GPU too;
   * a list is tried in its order.
   */
  readonly engine?: 'auto' | EngineName | readonly EngineName[];
  /**
   * How the weights travel: `q8` is half the download of `f16`; the card states what it costs in dB. Unless told, `f16`
   * where the GPU computes in it and the connection is known to be good.
   */
  readonly precision?: Precision;
}

/** Pictures that a browser shows, or samples as they are: grey, grey+alpha, RGB or RGBA, 8 or 16 bits. */
export type InputImage =
  | Blob
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | RasterImage;

/** Samples in, samples out; for everything else ImageData. */
export type OutputImage<Input extends InputImage = InputImage> = Input extends RasterImage ? RasterImage : ImageData;

/** In the order in which they come; `weights` counts bytes, `tiles` tiles, the others 0 and then 1. */
export type Stage = 'decode' | 'plan' | 'weights' | 'engine' | 'estimate' | 'tiles';

export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  /** With the end of `estimate`: the noise, 0..255; blind models find out later, and don't say. */
  readonly sigma?: number;
  /** With the end of `decode`: the picture, px. */
  readonly width?: number;
  readonly height?: number;
  /** With the end of `plan`: how many tiles, and bytes of the model, whether they are here already or not. */
  readonly tiles?: number;
  readonly downloadBytes?: number;
}

export interface TileEvent {
  /** Where it belongs, px. */
  readonly tile: Rectangle;
  /** The denoised pixels of it, mixed as asked, with the picture's alpha. */
  readonly image: ImageData;
  readonly done: number;
  readonly total: number;
}

export interface DenoiseOptions extends Partial<Mix> {
  /** Standard deviation of the noise on the 0..255 scale; `auto` (the default) estimates it. */
  readonly sigma?: number | 'auto';
  /** Aborting rejects at once with the signal's reason; the running tile is the last one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onTile?: (event: TileEvent) => void;
}

/** ms. */
export interface Timings {
  /** From file to samples. */
  readonly decode: number;
  /** Asking the edge for a plan. */
  readonly plan: number;
  readonly estimate: number;
  /** Weights, engine and self-test, as far as they were not ready yet. */
  readonly open: number;
  readonly tiles: number;
  readonly total: number;
}

/** Some rows of a picture: of 24 megapixels all of them would be 288 MB of floats. */
export interface Rows {
  readonly from: number;
  readonly count: number;
}

export interface DenoiseResult<Image extends OutputImage = OutputImage> {
  readonly image: Image;
  readonly width: number;
  readonly height: number;
  /** What the model was told, 0..255; at 0 nothing was done: the picture is clean. None of a blind model. */
  readonly sigma: number | undefined;
  /** As carried out; none where nothing was done. */
  readonly plan: (TilePlan & { readonly planId: string }) | undefined;
  /** The engine that finished; `filter` for the classical filters; `none` where nothing was done. */
  readonly engine: EngineName | 'filter' | 'none';
  readonly timings: Timings;
  /** Another mix of the same result. No network runs: good for sliders. */
  mix(mix: Partial<Mix>): Promise<Image>;
  /** The noise that was found, before mixing: [H,W,C], C = 1 for grey pictures and 3 for others, 0..1 scale, to 1/65,534. */
  residual(rows?: Rows): Promise<Float32Array<ArrayBuffer>>;
  /**
   * A file of the last mix: `image/png` unless told, `image/jpeg`, `image/webp`, or what else this browser writes. EXIF,
   * profile and resolution of the file that came are in the first three; 16 bits and exact alpha in PNG.
   */
  blob(type?: string, quality?: number): Promise<Blob>;
  /** Gives the memory back early; `mix`, `residual` and `blob` are over then. */
  release(): void;
}

/** Why an engine ran, or did not. */
export type EngineReason =
  /** It ran the last picture; or, before one, it is the first that will be tried. */
  | 'chosen'
  /** One that goes before it was there. */
  | 'not-needed'
  /** `engine` names others. */
  | 'not-asked-for'
  /** This browser, or this page, has no WebGPU adapter. */
  | 'no-webgpu'
  /** The adapter is emulated on the processor, which is slower than `wasm`: only for who asks for it by name. */
  | 'software-gpu'
  | 'no-wasm-simd'
  /** More pixels, or a larger model, than the edge runs. */
  | 'picture-too-large'
  | 'model-too-large'
  /** It was tried: it did not start, or broke off; `error` says with which code. */
  | 'failed';

export interface EngineVerdict {
  readonly engine: EngineName | 'filter';
  readonly reason: EngineReason;
  /** The same in words. */
  readonly why: string;
  readonly error?: ErrorCode;
}

export interface Explanation {
  /** What ran the last picture, or will be tried first; `none` where nothing was done, undefined where nothing can. */
  readonly engine: EngineName | 'filter' | 'none' | undefined;
  /** Every engine, in the order in which they are tried; those that were not asked for come last. */
  readonly engines: readonly EngineVerdict[];
}

/** px; grey pictures have 1 or 2 channels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** 3 unless told. */
  readonly channels?: 1 | 2 | 3 | 4;
}

/** What denoising a picture would take. */
export interface Preflight extends Explanation {
  readonly engine: EngineName | 'filter';
  /** Such as `fast@1.2.0`. */
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly tiles: number;
  /** Of the model's files, what is not on this device yet: 0 after the first picture. */
  readonly downloadBytes: number;
  /**
   * For the tiles, from what earlier pictures took on this device with this model and engine; download and start of the
   * engine come on top. Undefined before the first picture: nothing is measured for it.
   */
  readonly milliseconds: number | undefined;
}

export interface Denoiser {
  /** Pictures are worked on one after the other. */
  denoise<Input extends InputImage>(image: Input, options?: DenoiseOptions): Promise<DenoiseResult<OutputImage<Input>>>;
  /**
   * What `denoise` would do with a picture, or with one of this size, and what it would take. Nothing runs, is downloaded
   * but the model's card, or counts at the edge.
   */
  preflight(image: InputImage | PictureSize): Promise<Preflight>;
  /** Which engine ran the last picture, and for each other why not; before the first, as far as it is known. */
  explain(): Promise<Explanation>;
  /** Stops everything and gives all memory back. */
  dispose(): void;
}

/** A model that works here without a network, because it was kept or used before. */
export interface KeptModel {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** Of its files on this device; 0 for a filter, which has none. */
  readonly bytes: number;
  /** The forms in which its weights are here. */
  readonly precisions: readonly Precision[];
}

/** Which edge is meant: where `degrain.js` came from, unless told. */
export interface EdgeOptions {
  readonly endpoint?: string | URL;
}

export interface KeepOptions extends EdgeOptions {
  /** As in DenoiserOptions. */
  readonly precision?: Precision;
  readonly signal?: AbortSignal;
  /** Bytes. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}
