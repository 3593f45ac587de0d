import type { ModelCard } from '../../models/card.ts';
import { type Case, casesOf } from './cases.ts';
import type { Data } from './data.ts';
import type { Speed } from './speed.ts';
import { GRID, REAL, type Task } from './tasks.ts';

/** A task, ready to be measured. */
export interface Job {
  readonly task: Task;
  readonly cases: readonly Case[];
  /** s, as far as can be told beforehand. */
  readonly expected: number;
}

/** Prepares tasks; `limit` images of each set at most, if it is not 0. */
export function jobMaker(data: Data, limit: number) {
  const megapixels = new Map<string, Promise<number>>();
  return async (task: Task, card: ModelCard, speed: Speed | undefined): Promise<Job> => {
    const cases = (await casesOf(task, data)).slice(0, limit || undefined);
    // the first image stands for its set
    const place = `${task.noise === REAL} ${task.set}`;
    const size = megapixels.get(place) ?? megapixelsOf(cases[0]);
    megapixels.set(place, size);
    const runs = task.told === 'best' ? GRID.length : 1;
    return { task, cases, expected: cases.length * (await size) * (runs * secondsPerMegapixel(card, speed) + SCORING) };
  };
}

async function megapixelsOf(first: Case | undefined): Promise<number> {
  if (!first) return 0;
  const { width, height } = (await first.read()).clean;
  return (width * height) / 1e6;
}

/** s per megapixel, of a processor such as those that this was written on; only ratios matter for the time left. */
const SCORING = 1;
const FILTER = 3;
const PER_GMAC = 0.05;

function secondsPerMegapixel(card: ModelCard, speed: Speed | undefined): number {
  if (speed) return speed.millisecondsPerMegapixel / 1000;
  return card.family === 'filter' ? FILTER : PER_GMAC * card.gmacsPerMegapixel;
}
