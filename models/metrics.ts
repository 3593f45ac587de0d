import { expectThat } from './errors.ts';
import type { FloatImage } from './image.ts';

/** dB over all pixels and channels jointly, no border cropped; values as given, peak 1. Infinity for equal images. */
export function psnr(reference: FloatImage, other: FloatImage): number {
  assertSameShape(reference, other);
  let sum = 0;
  for (let i = 0; i < reference.data.length; i++) {
    sum += ((reference.data[i] as number) - (other.data[i] as number)) ** 2;
  }
  return -10 * Math.log10(sum / reference.data.length);
}

/** As a file would hold it: clipped and rounded to 8 bits, still 0..1. The literature's PSNR is taken on this. */
export function roundTo8Bit(image: FloatImage): FloatImage {
  const data = image.data.map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255) / 255);
  return { ...image, data };
}

const WINDOW_SD = 1.5;
const WINDOW_RADIUS = 5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Structural similarity as Wang, Bovik, Sheikh and Simoncelli have it (2004): an 11x11 Gaussian window of standard
 * deviation 1.5, population covariance, peak 1; mean over pixels whose window lies inside, and over channels. Equal to
 * scikit-image's `structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False)`.
 *
 * @throws DegrainError `bad-request` for images smaller than the window.
 */
export function ssim(reference: FloatImage, other: FloatImage): number {
  assertSameShape(reference, other);
  const { width, height, channels } = reference;
  const side = 2 * WINDOW_RADIUS + 1;
  expectThat(width >= side && height >= side, () => ({
    expected: `images of at least ${side} x ${side} pixels`,
    received: `${width} x ${height}`,
    remedy: 'SSIM has no value for smaller ones.',
  }));
  let total = 0;
  for (let c = 0; c < channels; c++) {
    const a = plane(reference, c);
    const b = plane(other, c);
    const meanA = blur(a, width, height);
    const meanB = blur(b, width, height);
    const squareA = blur(
      a.map((value) => value * value),
      width,
      height,
    );
    const squareB = blur(
      b.map((value) => value * value),
      width,
      height,
    );
    const product = blur(
      a.map((value, i) => value * (b[i] as number)),
      width,
      height,
    );
    let sum = 0;
    for (let i = 0; i < meanA.length; i++) {
      const ma = meanA[i] as number;
      const mb = meanB[i] as number;
      const covariance = (product[i] as number) - ma * mb;
      const variances = (squareA[i] as number) - ma * ma + ((squareB[i] as number) - mb * mb);
      sum += ((2 * ma * mb + C1) * (2 * covariance + C2)) / ((ma * ma + mb * mb + C1) * (variances + C2));
    }
    total += sum / meanA.length;
  }
  return total / channels;
}

function plane({ data, channels }: FloatImage, channel: number): Float64Array {
  return Float64Array.from({ length: data.length / channels }, (_, i) => data[i * channels + channel] as number);
}

/** [H,W] -> [H - 10, W - 10]: weighted means over the windows that lie inside. */
function blur(values: Float64Array, width: number, height: number): Float64Array {
  const kernel = gaussian();
  const outWidth = width - 2 * WINDOW_RADIUS;
  const outHeight = height - 2 * WINDOW_RADIUS;
  const rows = new Float64Array(outWidth * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += (kernel[k] as number) * (values[y * width + x + k] as number);
      rows[y * outWidth + x] = sum;
    }
  }
  const out = new Float64Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += (kernel[k] as number) * (rows[(y + k) * outWidth + x] as number);
      out[y * outWidth + x] = sum;
    }
  }
  return out;
}

function gaussian(): number[] {
  const raw = Array.from({ length: 2 * WINDOW_RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - WINDOW_RADIUS) ** 2) / (2 * WINDOW_SD ** 2)),
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / sum);
}

function assertSameShape(a: FloatImage, b: FloatImage): void {
  expectThat(a.width === b.width && a.height === b.height && a.channels === b.channels, () => ({
    expected: `two images of one shape, ${a.width} x ${a.height} x ${a.channels}`,
    received: `${b.width} x ${b.height} x ${b.channels}`,
    remedy: 'Compare an image with its own reference.',
  }));
}
