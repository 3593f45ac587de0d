import type { FloatImage } from '../../../models/image.ts';

/** An image of one colour. */
export function flat(colour: readonly number[], width: number, height = width): FloatImage {
  const channels = colour.length as 1 | 3;
  const data = Float32Array.from({ length: width * height * channels }, (_, i) => colour[i % channels] as number);
  return { data, width, height, channels };
}

/** Values of one channel. */
export function channelOf({ data, channels }: FloatImage, channel: number): Float64Array {
  return Float64Array.from({ length: data.length / channels }, (_, i) => data[i * channels + channel] as number);
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}

export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

/** Correlation of values with those `lag` places on. */
export function autocorrelation(values: Float64Array, lag: number): number {
  const centre = mean(values);
  const products = Array.from(values.subarray(lag), (value, i) => (value - centre) * ((values[i] as number) - centre));
  return mean(products) / deviation(values) ** 2;
}
