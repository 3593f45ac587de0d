import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelCard, Precision } from '../../models/card.ts';
import { DONE, FAILED, UsageError } from '../command.ts';
import { openDenoiser } from '../denoiser.ts';
import { drawCrops } from './crops/draw.ts';
import { SHOWN } from './crops/pictures.ts';
import type { Data } from './data.ts';
import { drawnData } from './drawn.ts';
import { type Measurements, withCell, withSpeed } from './measurements.ts';
import { chooseModels, publishedCards, publishedFolder } from './models.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { cleanReport } from './report/clean.ts';
import { kindsReport } from './report/kinds.ts';
import { realReport } from './report/real.ts';
import { renderResults } from './report/render.ts';
import { whiteReport } from './report/white.ts';
import { asText } from './results.ts';
import { type Outcome, run } from './run.ts';
import { folderData } from './sets.ts';
import { changeMeasurements, loadMeasurements } from './stored.ts';
import { SPEED } from './tasks.ts';

/** Where results go and models come from. */
export interface Places {
  /** Of results.md, and of the folder results/. */
  readonly docs: string;
  readonly published: string;
}

const PLACES: Places = { docs: fileURLToPath(new URL('../../docs/', import.meta.url)), published: publishedFolder };

/** The command line of `npm run evaluate`. @throws UsageError for a wrong one. */
export async function evaluateTool(args: string[], places = PLACES): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    process.stdout.write(HELP);
    return DONE;
  }
  const published = options.published ?? places.published;
  const results = join(places.docs, 'results');
  const stored = join(results, 'measurements.json');
  const render = async () =>
    await renderResults(places.docs, await publishedCards(places.published), await loadMeasurements(stored));
  if (options.crops) {
    const cards = await chooseModels(options.models, published);
    await drawCrops(
      results,
      cards.filter(({ id }) => SHOWN.includes(id)),
      (card) => open(card, options, published),
    );
  }
  if (options.render || options.crops) {
    await render();
    return DONE;
  }
  const outcomes = await evaluate(options, published, stored);
  process.stdout.write(`${quickReport(outcomes, options)}\n`);
  if (options.write) {
    await render();
    process.stderr.write(`Written into ${join(places.docs, 'results.md')}\n`);
  }
  return outcomes.some(({ failure }) => failure !== undefined) ? FAILED : DONE;
}

async function evaluate(options: Options, published: string, stored: string): Promise<Outcome[]> {
  const data = options.data === undefined ? drawnData() : await folderData(options.data);
  checkSets(options, data);
  const cards = await chooseModels(options.models, published);
  // what is stored is of whole sets and of published models
  const comparable = options.data !== undefined && options.limit === 0 && options.published === undefined;
  const known = comparable ? await loadMeasurements(stored) : {};
  const outdated = cards.find(({ id, version }) => known[id] && isOlder(version, known[id].version));
  if (options.write && outdated) {
    const { id, version } = outdated;
    throw new UsageError(`--write of ${id}@${known[id]?.version} or newer`, version, 'It would replace the newer one.');
  }
  const keep = async (change: (measurements: Measurements) => Measurements) => {
    if (options.write) await changeMeasurements(stored, change);
  };
  return await run({
    cards,
    data,
    wanted: options.wanted,
    limit: options.limit,
    known: options.again ? {} : known,
    speeds: options.write && options.engine === 'wasm' && (options.wanted.parts?.includes(SPEED) ?? true),
    open: (card, precision) => open(card, options, published, precision),
    onCell: (card, cell) => keep((measurements) => withCell(measurements, card, cell)),
    onSpeed: (card, speed) => keep((measurements) => withSpeed(measurements, card, speed)),
  });
}

function checkSets({ wanted }: Options, { sets, realSets, roles }: Data): void {
  const known = [...sets, ...realSets];
  const missing = wanted.sets?.filter((set) => !known.includes(set)) ?? [];
  if (missing.length > 0) {
    throw new UsageError(`--sets of ${known.join(', ') || 'a folder that has some'}`, missing.join(', '));
  }
  const usual = [...Object.values(roles.white).flat(), ...realSets];
  if (!wanted.sets && !usual.some((set) => known.includes(set))) {
    const expected = `folders named ${[...new Set(usual)].join(', ')} in --data`;
    throw new UsageError(expected, 'none of them', 'Name yours with --sets.');
  }
}

async function open(card: ModelCard, options: Options, published: string, precision: Precision = 'f16') {
  return await openDenoiser(`${card.id}@${card.version}`, { precision, engine: options.engine, published });
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** Of what was asked for only. */
function quickReport(outcomes: readonly Outcome[], { wanted }: Options): string {
  const entries = outcomes.map(({ card, cells }) => ({ card, cells, speed: undefined }));
  const white = whiteReport(entries, wanted.sigmas);
  const contents = { white, kinds: kindsReport(entries), real: realReport(entries), clean: cleanReport(entries) };
  return asText(contents) || 'Nothing was measured on any set.';
}
