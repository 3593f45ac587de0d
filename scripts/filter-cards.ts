import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cardMetrics } from '../cli/evaluation/card-metrics.ts';
import { measuredOf } from '../cli/evaluation/measurements.ts';
import { loadMeasurements } from '../cli/evaluation/stored.ts';
import { type FilterCard, parseCard } from '../models/card.ts';
import { FILTERS, type Filter, type FilterId } from '../models/filters/index.ts';

// Writes the cards of the classical filters: what they say of themselves, and what `npm run evaluate` has measured.

const root = fileURLToPath(new URL('../models/published/', import.meta.url));
const measurements = fileURLToPath(new URL('../docs/results/measurements.json', import.meta.url));
const VERSION = '1.0.0';
const GREY_SET = 'Set12';

/** Of a colour pixel at the worst moment, bytes, rounded up; and which are done within a second or two at the edge. */
const RUNNING: Record<FilterId, { peakBytes: number; edge: boolean }> = {
  mean: { peakBytes: 64, edge: true },
  gaussian: { peakBytes: 64, edge: true },
  median: { peakBytes: 64, edge: true },
  bilateral: { peakBytes: 64, edge: true },
  nlm: { peakBytes: 128, edge: false },
  tv: { peakBytes: 128, edge: true },
  wavelet: { peakBytes: 160, edge: true },
  bm3d: { peakBytes: 512, edge: false },
};

async function cardOf(id: FilterId, filter: Filter): Promise<FilterCard> {
  const { title, description, paper, limits, sigmaMin, sigmaMax, sizeMultiple } = filter;
  const upToMultiple = (halo: number) => Math.ceil(halo / sizeMultiple) * sizeMultiple;
  const { cells } = measuredOf(await loadMeasurements(measurements), { id, version: VERSION });
  const metrics = cardMetrics(cells, [GREY_SET], ['float']);
  return {
    format: 2,
    id,
    version: VERSION,
    title,
    description,
    family: 'filter',
    task: 'denoise',
    license: 'Apache-2.0',
    // noise that is correlated, as cameras leave it, is no wider problem for filters than its own strength
    sigma: { kind: 'map', min: sigmaMin, max: sigmaMax, correlatedGain: 1 },
    halo: { exact: upToMultiple(filter.halo), measured: upToMultiple(filter.measuredHalo) },
    sizeMultiple,
    memory: { largestBufferBytesPerPixel: 16, peakBytesPerPixel: RUNNING[id].peakBytes },
    paper,
    edge: RUNNING[id].edge,
    metrics,
    limits: [...limits],
  };
}

for (const [id, filter] of Object.entries(FILTERS) as [FilterId, Filter][]) {
  const folder = `${root}${id}/${VERSION}/`;
  await mkdir(folder, { recursive: true });
  const card = parseCard(await cardOf(id, filter));
  await writeFile(`${folder}card.json`, `${JSON.stringify(card, null, 2)}\n`);
}
