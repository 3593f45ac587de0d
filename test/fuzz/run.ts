/**
 * Damages images and sees what becomes of them: `npm run fuzz -- [--count 200000] [--seed 1] [--edge 2000] [--write]`.
 *
 * Every input goes through guard, decoder and encoder in Node, and the first `--edge` of them to POST /v1/denoise of
 * the built worker in workerd. `--write` puts the counts into docs/reliability.md. `--input 123` writes that one of the
 * run to a file and says what it becomes.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { writeBetween } from '../../bench/table.ts';
import { openCodec } from '../worker/jpeg/codec-in-node.ts';
import type { EdgeReport } from './edge.ts';
import { judge, OUTCOMES } from './judge.ts';
import { makeInput } from './mutate.ts';
import { seeds } from './seeds.ts';
import { fuzz, type Report } from './watch.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    edge: { type: 'string', default: '2000' },
    input: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);

const table = (rows: (string | number)[][]) => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

function describeRun({ counts, faults, hangs, slow, longest, bytes, inputs }: Report, edge: EdgeReport): string {
  const columns = ['image', 'refused: invalid', 'refused: too large', 'fault'];
  const row = (name: string, of: Record<string, number>) => [name, ...OUTCOMES.map((outcome) => of[outcome] ?? 0)];
  return `${table([
    ['', ...columns],
    ['---', ...columns.map(() => '---:')],
    row('PNG, in Node', counts.png),
    row('JPEG, in Node', counts.jpeg),
    row('both, POST /v1/denoise in workerd', edge.counts),
  ])}

${inputs} inputs, seed ${seed}: ${faults.length + edge.faults.length} faults, ${hangs.length} hangs, \
${slow.length + edge.slow.length} of more than a second; the slowest took ${Math.ceil(longest)} ms in Node and none used more
than ${Math.ceil(bytes / 1e6)} MB. workerd grew by ${Math.ceil(edge.grown / 1e6)} MB from its first image to its last.`;
}

if (values.input !== undefined) {
  const index = Number(values.input);
  const input = makeInput(seeds(), seed, index);
  const name = `fuzz-${seed}-${index}.${input.format}`;
  await writeFile(name, input.file);
  console.log(name, await judge(input, openCodec()));
} else {
  const count = Number(values.count);
  const onProgress = ({ inputs }: Report) => process.stderr.write(`\r${inputs} of ${count}`);
  const report = await fuzz({ seed, count, onProgress });
  process.stderr.write('\n');
  // wrangler reports usage and asks for a sample of metadata unless told not to, and is told when it is loaded
  Object.assign(process.env, {
    WRANGLER_SEND_METRICS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_LOG: 'warn',
  });
  const { fuzzEdge } = await import('./edge.ts');
  const edge = await fuzzEdge({ seed, count: Number(values.edge) });
  const text = describeRun(report, edge);
  console.log(text);
  for (const { index, said } of [...report.faults, ...edge.faults]) console.log(`fault at ${index}: ${said}`);
  for (const index of report.hangs) console.log(`hang at ${index}`);
  for (const { index, milliseconds } of [...report.slow, ...edge.slow]) console.log(`${milliseconds} ms at ${index}`);
  if (values.write) await writeBetween('reliability.md', 'fuzz', text);
  const bad = [report.faults, edge.faults, report.hangs, report.slow, edge.slow].some(({ length }) => length > 0);
  process.exit(bad ? 1 : 0);
}
