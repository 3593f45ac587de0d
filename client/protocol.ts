import type { RasterImage } from '../models/image.ts';
import type { Mix } from '../models/mix.ts';
import type { TilePlan } from '../models/tiles.ts';
import type {
  DenoiserOptions,
  EngineName,
  Explanation,
  KeptModel,
  PictureSize,
  Preflight,
  Progress,
  Rows,
  TileEvent,
  Timings,
} from './contract.ts';
import type { UsageReport } from './edge/usage.ts';

/** What page and worker say to each other: per method the argument, the result, and the events before the result. */
export type Methods = {
  configure: { argument: Settings; result: undefined; event: never };
  denoise: { argument: DenoiseRequest; result: Finished; event: DenoiseEvent };
  mix: { argument: { run: number; mix: Partial<Mix> }; result: Pixels; event: never };
  residual: { argument: { run: number; rows: Rows | undefined }; result: Float32Array<ArrayBuffer>; event: never };
  blob: { argument: { run: number; type: string; quality: number | undefined }; result: Blob; event: never };
  preflight: { argument: PictureSize; result: Prepared; event: never };
  explain: { argument: undefined; result: Explanation; event: never };
  keep: { argument: { model: string }; result: KeptModel; event: { done: number; total: number } };
  release: { argument: { run: number }; result: undefined; event: never };
};

export type Settings = { endpoint: string; precision: DenoiserOptions['precision'] } & Required<
  Omit<DenoiserOptions, 'endpoint' | 'precision'>
>;

/** A picture on its way to the worker. `pixels` come back as they went: as ImageData, or as plain samples. */
export type Source =
  | { kind: 'file'; file: Blob }
  | { kind: 'bitmap'; bitmap: ImageBitmap }
  | { kind: 'image-data'; image: ImageData }
  | { kind: 'raster'; raster: RasterImage };

export interface DenoiseRequest {
  source: Source;
  sigma: number | 'auto';
  mix: Partial<Mix>;
  /** Whether tiles are to be sent while they arrive. */
  tiles: boolean;
}

/** All of a preflight but the time: what pictures took is remembered by the page. */
export type Prepared = Omit<Preflight, 'milliseconds'> & { computedPixels: number };

export type DenoiseEvent = { progress: Progress } | { tile: TileEvent };

/** What the page reports for the worker, whose requests end with it. */
export type Notice = { usage: UsageReport };

export type Pixels = ImageData | RasterImage;

export interface Finished {
  run: number;
  /** Such as `fast@1.2.0`. */
  model: string;
  image: Pixels;
  sigma: number | undefined;
  plan: (TilePlan & { planId: string }) | undefined;
  /** By the network, halos included; 0 where nothing was done. */
  computedPixels: number;
  engine: EngineName | 'filter' | 'none';
  timings: Timings;
}
