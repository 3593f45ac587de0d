import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../models/card.ts';
import { type FloatImage, fromRaster, type RasterImage, toRaster } from '../../../models/image.ts';
import { psnr, roundTo8Bit } from '../../../models/metrics.ts';
import { NOISE_KINDS, type NoiseKind } from '../../../models/noise/kinds.ts';
import type { Denoiser } from '../../denoiser.ts';
import { readPng, writePng } from '../../images.ts';
import { denoised8Bit } from '../score.ts';
import { fileOf, middle, PICTURES, type Picture, sideBySide } from './pictures.ts';

/** What of each photograph is shown, px: four fit beside each other on a page. */
const SIDE = 192;
const SEED = 1;

/** By the name of a picture's file, what it shows. */
export type Captions = Readonly<Record<string, string>>;

export const captionsFile = (results: string) => join(results, 'crops', 'captions.json');

interface Panel {
  readonly name: string;
  readonly image: RasterImage;
}

/** Draws all pictures into `results`/crops: what each of some models makes of a noisy file of which nothing is told. */
export async function drawCrops(
  results: string,
  cards: readonly ModelCard[],
  open: (card: ModelCard) => Promise<Pick<Denoiser, 'card' | 'engine'>>,
): Promise<void> {
  const inputs = await Promise.all(PICTURES.map((picture) => input(results, picture)));
  const outputs: Panel[][] = inputs.map(() => []);
  for (const card of cards) {
    const denoiser = await open(card);
    for (const [i, { noisy }] of inputs.entries()) {
      outputs[i]?.push({
        name: `${card.id} ${card.version}`,
        image: shown((await denoised8Bit(noisy, denoiser, 'auto')).image),
      });
    }
    (await denoiser.engine.open()).dispose();
  }
  await mkdir(join(results, 'crops'), { recursive: true });
  const captions: Record<string, string> = {};
  for (const [i, picture] of PICTURES.entries()) {
    const { clean, noisy, kind } = inputs[i] as Input;
    const panels = [{ name: 'noisy', image: shown(noisy) }, ...(outputs[i] as Panel[])];
    const reference = shown(clean);
    await writePng(
      join(results, 'crops', fileOf(picture)),
      sideBySide([...panels.map(({ image }) => image), reference]),
      [],
    );
    captions[fileOf(picture)] = captionOf(picture, kind, panels, reference);
  }
  await writeFile(captionsFile(results), `${JSON.stringify(captions, null, 2)}\n`);
}

interface Input {
  readonly clean: FloatImage;
  readonly noisy: FloatImage;
  readonly kind: NoiseKind;
}

async function input(results: string, { photograph, noise, level }: Picture): Promise<Input> {
  const kind = NOISE_KINDS.find(({ name }) => name === noise);
  if (!kind) throw new Error(`There is no kind of noise named ${noise}`);
  const clean = fromRaster(await readPng(join(results, 'photographs', `${photograph}.png`))).colour;
  return { clean, noisy: roundTo8Bit(kind.apply(clean, level, SEED)), kind };
}

function shown(image: FloatImage): RasterImage {
  return middle(toRaster(image, undefined, 8), SIDE);
}

function captionOf(picture: Picture, kind: NoiseKind, panels: readonly Panel[], clean: RasterImage): string {
  const reference = fromRaster(clean).colour;
  const names = panels.map(({ name, image }) => `${name} (${psnr(reference, fromRaster(image).colour).toFixed(2)} dB)`);
  return `${picture.credit}. ${kind.title}, ${kind.parameter}: ${picture.level}. Row by row: ${names.join(', ')}, clean.`;
}
