import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UsageError } from '../command.ts';

/** One image to denoise: from which file, to which. */
export interface Job {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * A file to a file, a file into a folder, or every file of a folder into another folder, which is made if need be.
 * Names are kept; sub-folders are left alone.
 *
 * @throws UsageError for what cannot be read, and where a result would replace its own source.
 */
export async function findJobs(input: string, output: string): Promise<Job[]> {
  const source = await kind(input);
  const target = await kind(output);
  if (source === undefined) throw new UsageError('an image or a folder to read', `'${input}', which does not exist`);
  if (source === 'file') {
    const to = target === 'folder' ? join(output, basename(input)) : output;
    return refuseSame([{ name: basename(input), from: input, to }]);
  }
  if (target === 'file') {
    throw new UsageError('a folder for the results of a folder', `'${output}', which is a file`, 'Name another.');
  }
  const entries = await readdir(input, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  const jobs = refuseSame(names.sort().map((name) => ({ name, from: join(input, name), to: join(output, name) })));
  if (jobs.length > 0) await mkdir(output, { recursive: true });
  return jobs;
}

function refuseSame(jobs: Job[]): Job[] {
  if (jobs.every(({ from, to }) => from !== to)) return jobs;
  throw new UsageError('another place for the result', 'the one of the noisy image', 'It would be overwritten.');
}

async function kind(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}
