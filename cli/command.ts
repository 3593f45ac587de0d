import { resolve } from 'node:path';
import { DegrainError } from '../models/errors.ts';

/** A command line that cannot be carried out. */
export class UsageError extends DegrainError {
  constructor(expected: string, received: string, remedy = 'See --help.') {
    super('bad-request', { expected, received, remedy });
  }
}

/** Exit codes. */
export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;

/**
 * Runs a command to its exit code. What it throws is told in one line; a wrong command line, also when it is `parseArgs`
 * or the pipeline that refuses an option, exits with 2.
 */
export async function runCommand(main: (args: string[]) => Promise<number>): Promise<never> {
  let code: number;
  try {
    code = await main(process.argv.slice(2));
  } catch (failure) {
    process.stderr.write(`${oneLine(failure)}\n`);
    code = isUsage(failure) ? USAGE : FAILED;
  }
  // Dawn's threads would keep Node alive
  process.exit(code);
}

export function oneLine(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

/** Whether the command line was at fault. */
export function isUsage(failure: unknown): boolean {
  if (failure instanceof DegrainError) return failure.code === 'bad-request';
  const code = (failure as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

/** Paths count from where the user stands: `npm run` starts in the repository, wherever it was called. */
export function userPath(path: string): string {
  const ranByNpm = ['denoise', 'evaluate'].includes(process.env.npm_lifecycle_event ?? '');
  return resolve((ranByNpm && process.env.INIT_CWD) || process.cwd(), path);
}

/** A number, of an option that has a range. */
export function numberOption(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= low && value <= high) return value;
  throw new UsageError(`--${name} to be a number from ${low} to ${high}`, `'${text}'`);
}

/** One of a few words. */
export function wordOption<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new UsageError(`--${name} to be one of ${words.join(', ')}`, `'${text}'`);
}
