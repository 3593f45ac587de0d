import { denoiseFloat } from '../../models/denoise.ts';
import type { FloatImage } from '../../models/image.ts';
import { psnr, roundTo8Bit, ssim } from '../../models/metrics.ts';
import { FULL_MIX, mixResidual } from '../../models/mix.ts';
import type { Denoiser } from '../denoiser.ts';
import type { Case } from './cases.ts';
import { GRID, NONE, type Task } from './tasks.ts';

/** What a task gave, as means over the images. */
export interface Score {
  readonly images: number;
  /** dB, before and after. Infinity where nothing differs. */
  readonly noisy: number;
  /** Of NONE: of the mean error, because most images have none and one would make a mean of dB infinite. */
  readonly psnr: number;
  readonly ssim: number;
  /** What the model was told, 0..255; none where it is blind. */
  readonly sigma: number | undefined;
  /** Images that came out as they went in. */
  readonly untouched: number;
  /** In the pipeline, for all images. */
  readonly seconds: number;
}

type Runner = Pick<Denoiser, 'card' | 'engine'>;

/** `onImage` after each image. */
export async function score(
  denoiser: Runner,
  task: Task,
  cases: readonly Case[],
  onImage: (name: string) => void,
): Promise<Score> {
  const noisy: number[] = [];
  const after: number[] = [];
  const similar: number[] = [];
  const told: number[] = [];
  let untouched = 0;
  let milliseconds = 0;
  for (const { name, read } of cases) {
    const images = await read();
    const started = performance.now();
    const { image, sigma } = await run(denoiser, task, images);
    milliseconds += performance.now() - started;
    noisy.push(psnr(images.clean, images.noisy));
    after.push(psnr(images.clean, image));
    similar.push(ssim(images.clean, image));
    if (sigma !== undefined) told.push(sigma);
    if (isSame(image, images.noisy)) untouched++;
    onImage(name);
  }
  return {
    images: cases.length,
    noisy: mean(noisy),
    psnr: task.noise === NONE ? ofMeanError(after) : mean(after),
    ssim: mean(similar),
    sigma: told.length > 0 ? mean(told) : undefined,
    untouched,
    seconds: milliseconds / 1000,
  };
}

interface Result {
  readonly image: FloatImage;
  readonly sigma: number | undefined;
}

async function run(denoiser: Runner, task: Task, images: { clean: FloatImage; noisy: FloatImage }): Promise<Result> {
  const { told, level } = task;
  if (told === 'best') return await bestOfGrid(denoiser, images);
  const sigma = told === 'known' ? level : told === 'auto' || told === 'blind' ? 'auto' : told;
  return await denoised8Bit(images.noisy, denoiser, sigma);
}

/** The pipeline's output as a file would hold it, and the sigma that the model was told. */
export async function denoised8Bit(
  noisy: FloatImage,
  { card, engine }: Runner,
  sigma: number | 'auto' | undefined,
): Promise<Result> {
  const removed = await denoiseFloat(noisy, card, [engine], { sigma });
  return { image: roundTo8Bit(mixResidual(noisy, removed.residual, FULL_MIX)), sigma: removed.sigma };
}

/** What only someone who has the clean image can choose; to leave the image alone is a choice, too. */
async function bestOfGrid(denoiser: Runner, images: { clean: FloatImage; noisy: FloatImage }): Promise<Result> {
  let best: Result = { image: images.noisy, sigma: 0 };
  let highest = psnr(images.clean, images.noisy);
  for (const sigma of GRID) {
    const result = await denoised8Bit(images.noisy, denoiser, sigma);
    const quality = psnr(images.clean, result.image);
    if (quality > highest) [best, highest] = [result, quality];
  }
  return best;
}

/** To the eye of a file: rounding on the way is no change. */
function isSame(a: FloatImage, b: FloatImage): boolean {
  return a.data.every((value, i) => Math.abs(value - (b.data[i] as number)) < 0.5 / 255);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** dB -> dB. */
function ofMeanError(values: readonly number[]): number {
  return -10 * Math.log10(mean(values.map((value) => 10 ** (-value / 10))));
}
