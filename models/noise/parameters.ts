import { expectThat } from '../errors.ts';
import type { FloatImage } from '../image.ts';

/** @throws DegrainError `bad-request` unless `value` is a number in lowest..highest. */
export function expectInRange(name: string, value: number, lowest: number, highest: number): void {
  expectThat(value >= lowest && value <= highest, () => ({
    expected: `${name} from ${lowest} to ${highest}`,
    received: String(value),
    remedy: 'Choose a value in that range.',
  }));
}

/** @throws DegrainError `bad-request` unless `value` is a whole number in lowest..highest. */
export function expectWhole(name: string, value: number, lowest: number, highest: number): void {
  expectInRange(name, value, lowest, highest);
  expectThat(Number.isInteger(value), () => ({
    expected: `${name} to be a whole number`,
    received: String(value),
    remedy: 'Round it.',
  }));
}

/** @throws DegrainError `bad-request` unless there are exactly as many random numbers as the definition needs. */
export function expectDraws(draws: ArrayLike<number>, length: number): void {
  expectThat(draws.length === length, () => ({
    expected: `${length} random numbers`,
    received: String(draws.length),
    remedy: 'Draw one for each value that gets noise.',
  }));
}

/** A new image whose values are `value(the old one, its index)`. */
export function mapValues(image: FloatImage, value: (old: number, index: number) => number): FloatImage {
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = value(image.data[i] as number, i);
  return { ...image, data };
}

export const clip = (value: number) => Math.min(Math.max(value, 0), 1);
