import type { DegrainError } from '../../models/errors.ts';
import type { DenoiseResult, Denoiser, Progress, TileEvent } from '../contract.ts';
import type { Labels } from './labels.ts';

/** What the frame shows. `split` is the photo before on one side of a divider and after on the other. */
export type View = 'split' | 'after' | 'before' | 'residual';

/** `idle` is a plain picture, nothing loaded; `failed` shows the error and the picture as it came. */
export type State = 'idle' | 'busy' | 'done' | 'failed';

/**
 * `<denoise-image>`. Every property of the first three groups is an attribute as well, in the same words unless said
 * otherwise, and either may be set at any time: mixing takes effect in the next frame, what the network has to know
 * runs it again, and another picture starts over as `start` says.
 *
 * The picture is `file`, or `src`, or else an `<img>` (or `<picture>`) that the element has as its child.
 */
export interface DenoiseImageElement extends HTMLElement {
  /** Address of the picture; one of another origin has to be readable by the page (CORS). */
  src: string;
  alt: string;
  /** Of the picture, px, as with `<img>`: the page keeps its place before it has come. 0 where they are not given. */
  width: number;
  height: number;

  /** As in DenoiserOptions. */
  model: string;
  key: string;
  /** The same as `key`, attribute `site-key`: React and Vue keep a `key` for themselves. */
  siteKey: string;
  endpoint: string;
  /** `auto`, a name, or names in the order to try: `wgsl tfjs-webgpu wasm`. */
  engine: string;
  /** Standard deviation of the noise on the 0..255 scale, or `auto`. */
  sigma: string;

  /** Each 0..1. */
  strength: number;
  luma: number;
  chroma: number;
  /** `split` unless told. */
  view: View;
  /** Where the divider stands, 0..100 % from the start of the line. */
  split: number;
  /** `fit` into the element's width, or `full`: one pixel of the picture is one of the screen's, and the frame scrolls. */
  zoom: 'fit' | 'full';
  /** `ask` shows a button and waits (the default); `visible` starts when it scrolls into view; `now` starts at once. */
  start: 'ask' | 'visible' | 'now';
  /** Without the element's own buttons, sliders and messages, for pages that bring their own. The divider stays. */
  bare: boolean;

  /** A picture that is no address, such as a chosen file; goes before `src`. */
  file: Blob | null;
  /** One denoiser for several elements. Without it, elements with the same attributes share one. */
  denoiser: Denoiser | undefined;
  /**
   * Words on buttons and in messages, where others than English are wanted; what is left out stays English. As an
   * attribute: JSON.
   */
  labels: Labels;

  readonly state: State;
  readonly result: DenoiseResult<ImageData> | undefined;
  readonly error: DegrainError | undefined;

  /** Starts, or starts again. Rejects as `Denoiser.denoise` does; the `error` event says the same. */
  denoise(): Promise<DenoiseResult<ImageData>>;
  /** Back to the picture as it came. */
  cancel(): void;
  /** Offers the result, as it is mixed, as a download. */
  save(): Promise<void>;
}

/** They bubble and cross shadow roots, but `error`: windows listen for errors of scripts by that name. */
export interface DenoiseImageEvents {
  plan: CustomEvent<{ width: number; height: number; tiles: number; downloadBytes: number }>;
  progress: CustomEvent<Progress>;
  tile: CustomEvent<Omit<TileEvent, 'image'>>;
  done: CustomEvent<DenoiseResult<ImageData>>;
  error: CustomEvent<DegrainError>;
}
