import { parseArgs } from 'node:util';
import type { Precision } from '../../models/card.ts';
import { DONE, numberOption, UsageError, userPath, wordOption } from '../command.ts';
import { ENGINES, nodeEngine } from '../engines.ts';
import { Progress } from '../progress.ts';
import { loadPublished } from '../published.ts';
import { runsPerPair, scorePair } from './real.ts';
import { type Evaluation, protocol, realReport, setsReport } from './report.ts';
import { commandOf, resultsFile, type Section, writeSection } from './results.ts';
import { COLUMNS, type Denoiser, type Score, scoreSet } from './score.ts';
import { KNOWN_SETS, realPairs, setsIn, testSet } from './sets.ts';

const HELP = `PSNR and SSIM of a published model by the field's protocol, beside the published numbers.

  npm run evaluate -- --data <folder> [options]     white Gaussian noise on the test sets in the folder
  npm run evaluate -- --real <folder> [options]     photographs with real noise, NOISY_<name>.png and GT_<name>.png

  --data <folder>       holds a folder per set: ${KNOWN_SETS.join(', ')}
  --sets CBSD68,...     only these; any folder of PNG images will do
  --sigmas 15,25,50     of the noise; with --real, the grid that sigma=auto is compared with
  --sigma auto          also let the pipeline estimate sigma, and report what that loses
  --columns float,8-bit noise neither clipped nor rounded, and as an 8-bit file holds it
  --model fast          or fast@1.0.0
  --precision f16,q8    one form of the weights, or both, and what the smaller one loses
  --engine wasm         or webgpu
  --published <folder>  another place for models than models/published, such as a fresh export
  --limit 0             only so many images of each set, for a quick look; 0 for all
  --write               into docs/results.md
  --help
`;

const PRECISIONS = ['f16', 'q8'] as const;
const DEFAULT_SIGMAS = '15,25,50';
const DEFAULT_GRID = '5,10,15,20,25,30,35,40,45,50,55';

/** The command line of `npm run evaluate`. @throws UsageError for a wrong one. */
export async function evaluateTool(args: string[]): Promise<number> {
  const options = parse(args);
  if (!options) return DONE;
  const content = options.real === undefined ? await evaluateSets(options) : await evaluateReal(options);
  process.stdout.write(`${content}\n`);
  if (options.write) await save(options, content);
  return DONE;
}

type Options = NonNullable<ReturnType<typeof parse>>;

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      real: { type: 'string' },
      sets: { type: 'string' },
      sigmas: { type: 'string' },
      sigma: { type: 'string', default: 'known' },
      columns: { type: 'string', default: COLUMNS.join() },
      model: { type: 'string', default: 'fast' },
      precision: { type: 'string', default: 'f16' },
      engine: { type: 'string', default: 'wasm' },
      published: { type: 'string' },
      limit: { type: 'string', default: '0' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  if ((values.data === undefined) === (values.real === undefined)) {
    throw new UsageError('either --data <folder> or --real <folder>', values.data ? 'both' : 'neither');
  }
  if (values.write && values.limit !== '0') {
    throw new UsageError('--write without --limit', 'both', 'Results are those of whole sets.');
  }
  const sigmas = values.sigmas ?? (values.real === undefined ? DEFAULT_SIGMAS : DEFAULT_GRID);
  return {
    ...values,
    data: values.data,
    real: values.real,
    published: values.published,
    sigmas: sigmas.split(',').map((sigma) => numberOption('sigmas', sigma, 0, 255)),
    auto: wordOption('sigma', values.sigma, ['known', 'auto']) === 'auto',
    columns: values.columns.split(',').map((word) => wordOption('columns', word, COLUMNS)),
    precisions: values.precision.split(',').map((word) => wordOption('precision', word, PRECISIONS)),
    engine: wordOption('engine', values.engine, ENGINES),
    limit: numberOption('limit', values.limit, 0, 1e6),
    args,
  };
}

async function openDenoiser(options: Options, precision: Precision): Promise<Denoiser> {
  const files = await loadPublished(options.model, precision, options.published && userPath(options.published));
  return { card: files.card, engine: await nodeEngine(options.engine, files) };
}

async function evaluateSets(options: Options): Promise<string> {
  const data = userPath(options.data ?? '');
  const names = options.sets?.split(',') ?? (await setsIn(data));
  const sets = await Promise.all(
    names.map(async (set) => ({ set, images: (await testSet(data, set)).slice(0, options.limit || undefined) })),
  );
  const rows = options.precisions.length * options.columns.length * options.sigmas.length;
  const total = rows * sets.reduce((sum, { images }) => sum + images.length, 0);
  const progress = new Progress(total, 'images');
  const evaluations: Evaluation[] = [];
  let done = 0;
  for (const precision of options.precisions) {
    const denoiser = await openDenoiser(options, precision);
    const scores: Score[] = [];
    for (const { set, images } of sets) {
      for (const noise of options.columns) {
        for (const sigma of options.sigmas) {
          const what = `${set}, ${noise}, sigma ${sigma}, ${precision}`;
          const score = await scoreSet(denoiser, set, images, noise, sigma, options.auto, () =>
            progress.show(++done, what),
          );
          scores.push(score);
          if (!process.stderr.isTTY)
            progress.say(`${what}: ${score.psnr.toFixed(3)} dB, SSIM ${score.ssim.toFixed(4)}`);
        }
      }
    }
    evaluations.push({ card: denoiser.card, precision, scores });
  }
  progress.clear();
  return `${protocol(options.columns)}\n\n${setsReport(evaluations)}`;
}

async function evaluateReal(options: Options): Promise<string> {
  const pairs = (await realPairs(userPath(options.real ?? ''))).slice(0, options.limit || undefined);
  const parts: string[] = [];
  const runs = pairs.length * runsPerPair(options.sigmas) * options.precisions.length;
  const progress = new Progress(runs, 'runs');
  let done = 0;
  for (const precision of options.precisions) {
    const denoiser = await openDenoiser(options, precision);
    const scores = [];
    for (const pair of pairs) {
      const score = await scorePair(denoiser, pair, options.sigmas, () => progress.show(++done, pair.name));
      scores.push(score);
      if (!process.stderr.isTTY) {
        progress.say(`${pair.name}, ${precision}: ${score.noisy.toFixed(2)} dB to ${score.auto.psnr.toFixed(2)} dB`);
      }
    }
    parts.push(realReport(scores, options.sigmas, { card: denoiser.card, precision }));
  }
  progress.clear();
  return parts.join('\n\n');
}

async function save(options: Options, content: string): Promise<void> {
  const section: Section = options.real === undefined ? 'sets' : 'real';
  await writeSection(section, `\`\`\`sh\n${commandOf(options.args)}\n\`\`\`\n\n${content}`);
  process.stderr.write(`Written into ${resultsFile}\n`);
}
