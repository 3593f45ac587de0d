import type { DegrainError } from '../../models/errors.ts';
import type { DenoiseResult, Denoiser, Progress, TileEvent } from '../contract.ts';

/** What the frame shows. `split` is the photo before on one side of a divider and after on the other. */
export type View = 'split' | 'after' | 'before' | 'residual';

/** `idle` is a plain picture, nothing loaded; `failed` shows the error and the picture as it came. */
export type State = 'idle' | 'busy' | 'done' | 'failed';

/**
 * `<denoise-image>`. Every property but the last group is an attribute as well, in the same words, and either may be
 * set at any time: mixing takes effect in the next frame, anything that needs the network runs it again.
 */
export interface DenoiseImageElement extends HTMLElement {
  /** Address of the picture; one of another origin has to be readable by the page (CORS). */
  src: string;
  alt: string;

  /** As in DenoiserOptions. */
  model: string;
  key: string;
  endpoint: string;
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
  /** Without the element's own sliders and buttons, for pages that bring their own. */
  bare: boolean;

  /** A picture that is no address, such as a chosen file; goes before `src`. */
  file: Blob | null;
  /** One denoiser for several elements; without it the element makes its own from the attributes above. */
  denoiser: Denoiser | undefined;
  /** Words on buttons and in messages, where others than English are wanted; what is left out stays English. */
  labels: Readonly<Record<string, string>>;

  readonly state: State;
  readonly result: DenoiseResult<ImageData> | undefined;
  readonly error: DegrainError | undefined;

  /** Starts, or starts again. Rejects as `Denoiser.denoise` does; the `error` event says the same. */
  denoise(): Promise<DenoiseResult<ImageData>>;
  /** Back to the picture as it came. */
  cancel(): void;
}

/** They bubble, and cross shadow roots. */
export interface DenoiseImageEvents {
  plan: CustomEvent<{ width: number; height: number; tiles: number; downloadBytes: number; milliseconds?: number }>;
  progress: CustomEvent<Progress>;
  tile: CustomEvent<Omit<TileEvent, 'image'>>;
  done: CustomEvent<DenoiseResult<ImageData>>;
  error: CustomEvent<DegrainError>;
}
