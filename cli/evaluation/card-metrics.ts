import type { ModelCard } from '../../models/card.ts';
import type { Cell } from './measurements.ts';
import { type Column, WHITE } from './tasks.ts';

type Metric = ModelCard['metrics'][number];

const NOISE = { float: 'neither clipped nor rounded', '8-bit': 'clipped and rounded to 8 bits' };

/** What a card says of white noise in a set, from the cells that were measured. */
export function cardMetrics(cells: readonly Cell[], sets: readonly string[], columns: readonly Column[]): Metric[] {
  const chosen = cells.filter(
    ({ noise, set, column, told }) =>
      noise === WHITE && (told === 'known' || told === 'blind') && sets.includes(set) && columns.includes(column),
  );
  return chosen.map(({ set, column, level, psnr, ssim, images }) => ({
    ...{ set, noise: column, sigma: level as number, psnr: Number(psnr.toFixed(3)), ssim },
    protocol:
      `additive white Gaussian noise, ${NOISE[column]}, seeded by the image's place in the order of names; ` +
      'output clipped and rounded to 8 bits; PSNR over all pixels and channels, no border cropped, whole images; ' +
      `mean of ${images} images`,
  }));
}
