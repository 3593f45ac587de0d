import type { FloatImage, RasterImage } from '../../../models/image.ts';
import type { ModelSummary } from '../../edge/api.ts';
import type { BenchSetup } from '../experiment.ts';

/** What the page asks of the lab's own worker: see client/bridge.ts. */
export type Methods = {
  open: { argument: PictureRequest; result: RasterImage; event: never };
  addNoise: { argument: NoiseRequest; result: Noisy; event: never };
  measure: { argument: MeasureRequest; result: Measured; event: never };
  /** Fetches the network of a variational autoencoder; the others that follow are about this one. */
  openCoder: { argument: ModelSummary; result: Coder; event: never };
  decode: { argument: { model: string; codes: readonly Float32Array[] }; result: FloatImage[]; event: never };
  encode: { argument: { model: string; image: FloatImage }; result: Float32Array; event: never };
};

export interface PictureRequest {
  readonly picture: Exclude<BenchSetup['picture'], 'own'> | Blob;
  /** px of the longest side; 0 leaves it as it is. */
  readonly side: number;
}

export interface NoiseRequest {
  readonly clean: RasterImage;
  readonly noise: string;
  readonly level: number;
  readonly seed: number;
}

/** Differences between two pictures, in 8-bit steps, in bins of equal width from -span to span; the rest in the outer. */
export interface Histogram {
  readonly counts: readonly number[];
  readonly span: number;
  /** Root mean square. */
  readonly deviation: number;
}

export interface Quality {
  /** dB; Infinity for equal pictures. */
  readonly psnr: number;
  /** NaN where the picture is smaller than the window. */
  readonly ssim: number;
}

export interface Noisy extends Quality {
  /** 8 bits, as a file would hold it. */
  readonly noisy: RasterImage;
  readonly added: Histogram;
  /** noisy - clean around mid-grey: see `differencePicture`. */
  readonly difference: RasterImage;
}

export interface MeasureRequest {
  readonly clean: RasterImage;
  readonly noisy: RasterImage;
  readonly denoised: RasterImage;
  /** Of the noise added: the scale of the others. */
  readonly added: Histogram;
}

export interface Measured extends Quality {
  readonly removed: Histogram;
  /** noisy - denoised, and denoised - clean. */
  readonly pictures: { readonly removed: RasterImage; readonly error: RasterImage };
}

export interface Coder {
  readonly codeSize: number;
  /** As many as the code has numbers: unit vectors, those first along which the pictures change the most. */
  readonly directions: readonly Float32Array[];
  /** Of the changes, 0..1, for each direction. */
  readonly shares: readonly number[];
}
