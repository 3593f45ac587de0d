import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCommand } from '../cli/command.ts';
import { cardMetrics } from '../cli/evaluation/card-metrics.ts';
import { measuredOf } from '../cli/evaluation/measurements.ts';
import { loadMeasurements } from '../cli/evaluation/stored.ts';
import { findPublished } from '../cli/published.ts';
import { parseCard } from '../models/card.ts';
import { root } from './root.ts';

const HELP = `Fills the metrics of networks' cards in with what \`npm run evaluate -- --write\` has measured of white noise:

  npx node scripts/measured-cards.ts best@1.0.0 red30@1.0.0`;

/** Of grey networks and of colour ones. */
const SETS = { 1: ['Set12', 'BSD68'], 3: ['CBSD68', 'Kodak24'] };

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { help: { type: 'boolean' } } });
  if (values.help || positionals.length === 0) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const measurements = await loadMeasurements(`${root}docs/results/measurements.json`);
  for (const name of positionals) {
    const { path, card } = await findPublished(name);
    if (card.family === 'filter') throw new Error(`Expected a network but ${name} is a filter.`);
    const sets = SETS[card.channels.input];
    const metrics = cardMetrics(measuredOf(measurements, card).cells, sets, ['float', '8-bit']);
    if (metrics.length === 0)
      throw new Error(`Expected measurements of ${name} on ${sets.join(' or ')} but found none.`);
    const file = `${path}/card.json`;
    const content = { ...JSON.parse(await readFile(file, 'utf8')), metrics };
    parseCard(content);
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
    console.log(`${name}: ${metrics.length} figures`);
  }
  return 0;
}

await runCommand(main);
