import type { FloatImage } from '../image.ts';

/** A classical denoiser: no training, a handful of numbers that follow from sigma. */
export interface Filter {
  readonly title: string;
  readonly description: string;
  readonly paper: string;
  readonly limits: readonly string[];
  /** What sigma the settings are made for, 0..255. Beyond it, those for the nearest end are used. */
  readonly sigmaMin: number;
  readonly sigmaMax: number;
  /** px: how far from an output pixel an input pixel can be and still change it, at any sigma. */
  readonly halo: number;
  /** px: beyond it nothing changes an output pixel by more than half an 8-bit step; measured on Set12 at 15 to 100. */
  readonly measuredHalo: number;
  /** px: windows that start at multiples of it see the grid of blocks or wavelets as the whole image does. */
  readonly sizeMultiple: number;
  /** [H,W,C], 0..1, and sigma, 0..255 -> a new image. Values may leave 0..1, as those of unclipped noise do. */
  readonly apply: (image: FloatImage, sigma: number) => FloatImage;
}

/** Between measured settings the line through the two nearest; beyond the ends the setting of the end. */
export function interpolate(settings: readonly (readonly [sigma: number, value: number])[], sigma: number): number {
  const above = settings.findIndex(([at]) => at >= sigma);
  if (above === 0) return (settings[0] as readonly [number, number])[1];
  if (above === -1) return (settings.at(-1) as readonly [number, number])[1];
  const [x0, y0] = settings[above - 1] as readonly [number, number];
  const [x1, y1] = settings[above] as readonly [number, number];
  return y0 + ((y1 - y0) * (sigma - x0)) / (x1 - x0);
}
