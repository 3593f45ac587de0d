import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../models/card.ts';
import { type Captions, captionsFile } from '../crops/draw.ts';
import { REPORTED_SIGMAS } from '../literature.ts';
import { type Measurements, measuredOf } from '../measurements.ts';
import { TITLE, withSections } from '../results.ts';
import { autoencodersReport } from './autoencoders.ts';
import { cleanReport } from './clean.ts';
import { cropsReport } from './crops.ts';
import type { Entry } from './entry.ts';
import { kindsReport } from './kinds.ts';
import { costPlot, noisePlot } from './plots.ts';
import { costPoints, noiseLines } from './plotted.ts';
import { realReport } from './real.ts';
import { whiteReport } from './white.ts';
import { zooReport } from './zoo.ts';

/** Writes `docs`/results.md and the plots that it shows, from what is stored of these models. */
export async function renderResults(docs: string, cards: readonly ModelCard[], stored: Measurements): Promise<void> {
  const results = join(docs, 'results');
  await mkdir(results, { recursive: true });
  const entries = cards.map((card): Entry => ({ card, ...measuredOf(stored, card) }));
  const plots = await writePlots(results, entries);
  const file = join(docs, 'results.md');
  const text = withSections((await readIfThere(file)) ?? TITLE, {
    zoo: zooReport(entries),
    white: [plots, whiteReport(entries, REPORTED_SIGMAS)].filter(Boolean).join('\n\n'),
    kinds: kindsReport(entries),
    real: realReport(entries),
    clean: cleanReport(entries),
    autoencoders: autoencodersReport(cards, await pictured(results, cards)),
    crops: cropsReport(JSON.parse((await readIfThere(captionsFile(results))) ?? '{}') as Captions),
  });
  await writeFile(file, text);
}

/** @returns Markdown that shows what was drawn. */
async function writePlots(results: string, entries: readonly Entry[]): Promise<string> {
  const shown: string[] = [];
  const points = costPoints(entries);
  if (points.some(({ ours }) => ours)) {
    await writeFile(join(results, 'psnr-gmacs.svg'), await costPlot(points));
    shown.push('![PSNR against multiply-accumulates: ours in blue, published ones in grey](results/psnr-gmacs.svg)');
  }
  const lines = noiseLines(entries);
  if (lines.length > 0) {
    await writeFile(join(results, 'psnr-sigma.svg'), await noisePlot(lines));
    shown.push('![PSNR against the strength of the noise: tiers in blue, filters in grey](results/psnr-sigma.svg)');
  }
  return shown.join('\n\n');
}

/** The models of which training has left a picture. */
async function pictured(results: string, cards: readonly ModelCard[]): Promise<Set<string>> {
  const found = await Promise.all(
    cards.map(({ id }) =>
      access(join(results, `${id}.png`)).then(
        () => [id],
        () => [],
      ),
    ),
  );
  return new Set(found.flat());
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (failure) {
    // any other failure must not end in a file without what people wrote
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}
