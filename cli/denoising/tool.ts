import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ModelCard } from '../../models/card.ts';
import { type DenoiseOptions, denoise } from '../../models/denoise.ts';
import type { EngineSource } from '../../models/engine.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { DONE, FAILED, numberOption, oneLine, UsageError, userPath, wordOption } from '../command.ts';
import { openDenoiser } from '../denoiser.ts';
import { ENGINES } from '../engines.ts';
import { decodeImage, imageFormat, writePng } from '../images.ts';
import { duration, Progress } from '../progress.ts';
import { findJobs, type Job } from './jobs.ts';

const HELP = `Removes noise from photographs.

  npm run denoise -- noisy.png clean.png [options]
  npm run denoise -- <folder> <folder> [options]     every PNG of a folder, under the same names

  --model fast      which published model; fast@1.0.0 for one version of it
  --sigma auto      how strong the noise is, as a standard deviation on the scale of 0 to 255
  --strength 1      how much of the noise that was found goes: 0 to 1
  --luma 1          of that, how much of the noise in brightness
  --chroma 1        of that, how much of the noise in colour
  --engine wasm     or webgpu, on a GPU
  --version
  --help

8 and 16 bits, grey, colour, transparency, colour profiles and camera data are kept. Exit codes: 0 done, 1 an image
failed, 2 the command line was wrong.
`;

/** The command line of `npm run denoise`. @throws UsageError for a wrong one. */
export async function denoiseTool(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string', default: 'fast' },
      sigma: { type: 'string', default: 'auto' },
      strength: { type: 'string', default: '1' },
      luma: { type: 'string', default: '1' },
      chroma: { type: 'string', default: '1' },
      engine: { type: 'string', default: 'wasm' },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || values.version) {
    process.stdout.write(values.help ? HELP : `${packageJson.version}\n`);
    return DONE;
  }
  const [input, output, ...more] = positionals;
  if (input === undefined || output === undefined || more.length > 0) {
    throw new UsageError('two paths, from where and to where', `${positionals.length}`);
  }
  const engineName = wordOption('engine', values.engine, ENGINES);
  const { card, engine } = await openDenoiser(values.model, { precision: 'f16', engine: engineName });
  // the pipeline tells who gives a sigma to a blind model
  const { min, max } = card.sigma.kind === 'map' ? card.sigma : { min: 0, max: 255 };
  const options = {
    sigma: values.sigma === 'auto' ? ('auto' as const) : numberOption('sigma', values.sigma, min, max),
    strength: numberOption('strength', values.strength, 0, 1),
    luma: numberOption('luma', values.luma, 0, 1),
    chroma: numberOption('chroma', values.chroma, 0, 1),
  };
  const jobs = await findJobs(userPath(input), userPath(output));
  return await runJobs(jobs, card, engine, options);
}

async function runJobs(jobs: Job[], card: ModelCard, engine: EngineSource, options: DenoiseOptions): Promise<number> {
  const started = Date.now();
  const progress = new Progress(jobs.length, jobs.length === 1 ? 'image' : 'images');
  const count = { done: 0, failed: 0, skipped: 0 };
  for (const [order, job] of jobs.entries()) {
    progress.show(order, job.name);
    try {
      const bytes = await readFile(job.from);
      if (jobs.length > 1 && imageFormat(bytes) === undefined) {
        count.skipped++;
        progress.say(`${job.name}: skipped, no image`);
        continue;
      }
      const line = await runJob(job, bytes, card, engine, options, (part) => progress.show(order + part, job.name));
      count.done++;
      if (!process.stderr.isTTY || jobs.length === 1) progress.say(line);
    } catch (failure) {
      count.failed++;
      progress.say(`${job.name}: ${oneLine(failure)}`);
    }
  }
  progress.clear();
  if (jobs.length !== 1) {
    progress.say(
      `${count.done} denoised, ${count.failed} failed, ${count.skipped} skipped in ${duration(Date.now() - started)}`,
    );
  }
  return count.failed > 0 ? FAILED : DONE;
}

async function runJob(
  job: Job,
  bytes: Uint8Array,
  card: ModelCard,
  engine: EngineSource,
  options: DenoiseOptions,
  onProgress: (part: number) => void,
): Promise<string> {
  const { image, kept } = await decodeImage(bytes);
  const onTile: DenoiseOptions['onTile'] = ({ done, total }) => onProgress(done / total);
  const result = await denoise(image, card, [engine], { ...options, onTile });
  await writePng(job.to, result.image, kept);
  const { width, height } = image;
  const seconds = (result.timings.total / 1000).toFixed(1);
  const sigma = result.sigma === undefined ? '' : `, sigma ${result.sigma.toFixed(1)}`;
  return `${job.name}: ${width} x ${height}${sigma}, ${result.engine}, ${seconds} s`;
}
