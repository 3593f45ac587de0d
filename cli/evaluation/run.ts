import type { ModelCard } from '../../models/card.ts';
import { oneLine } from '../command.ts';
import type { Denoiser } from '../denoiser.ts';
import { Clock } from './clock.ts';
import type { Data } from './data.ts';
import { type Job, jobMaker } from './jobs.ts';
import { type Cell, findCell, type Measurements, measuredOf } from './measurements.ts';
import { score } from './score.ts';
import { measureSpeed, type Speed } from './speed.ts';
import { formsOf, type Task, takesAnySize, tasksOf, type Wanted } from './tasks.ts';

/** What is to be measured, and what that needs. */
export interface Plan {
  readonly cards: readonly ModelCard[];
  readonly data: Data;
  readonly wanted: Wanted;
  /** Only so many images of each set; 0 for all. */
  readonly limit: number;
  /** What need not be measured again. */
  readonly known: Measurements;
  /** Whether to measure how fast a model is where that is not known. */
  readonly speeds: boolean;
  readonly open: (card: ModelCard, precision: Task['precision']) => Promise<Pick<Denoiser, 'card' | 'engine'>>;
  /** As soon as each is there, so that an end at any time loses one figure at most. */
  readonly onCell: (card: ModelCard, cell: Cell) => Promise<void>;
  readonly onSpeed: (card: ModelCard, speed: Speed) => Promise<void>;
}

/** Of one model, what was asked for: known before, or measured now. */
export interface Outcome {
  readonly card: ModelCard;
  readonly cells: readonly Cell[];
  /** Why it ended before its time. */
  readonly failure: string | undefined;
}

/** What is left to do for one model. */
interface Work {
  readonly card: ModelCard;
  readonly known: readonly Cell[];
  readonly jobs: readonly Job[];
  /** The form of the weights whose speed is to be measured. */
  readonly untimed: { readonly precision: Task['precision'] } | undefined;
}

/** Measures model after model. One that fails gives way to the next. */
export async function run(plan: Plan): Promise<Outcome[]> {
  const toJob = jobMaker(plan.data, plan.limit);
  const work = await Promise.all(
    plan.cards.map(async (card): Promise<Work> => {
      const tasks = tasksOf(card, plan.data, plan.wanted);
      const { cells, speed } = measuredOf(plan.known, card);
      const missing = tasks.filter((task) => !findCell(cells, task));
      const known = tasks.map((task) => findCell(cells, task)).filter((cell) => cell !== undefined);
      const jobs = await Promise.all(missing.map((task) => toJob(task, card, speed)));
      const untimed = plan.speeds && !speed && takesAnySize(card);
      return { card, jobs, known, untimed: untimed ? { precision: formsOf(card, plan.wanted)[0] } : undefined };
    }),
  );
  const clock = new Clock(work.flatMap(({ jobs }) => jobs).reduce((sum, { expected }) => sum + expected, 0));
  const outcomes: Outcome[] = [];
  for (const each of work) {
    const { card } = each;
    const cells = [...each.known];
    let failure: string | undefined;
    try {
      await measure(each, plan, clock, (cell) => cells.push(cell));
    } catch (thrown) {
      failure = oneLine(thrown);
      clock.say(`${card.id}: ${failure}`);
    }
    outcomes.push({ card, cells, failure });
  }
  clock.end();
  return outcomes;
}

async function measure({ card, jobs, untimed }: Work, plan: Plan, clock: Clock, onCell: (cell: Cell) => void) {
  const needed = [...(untimed ? [untimed] : []), ...jobs.map(({ task }) => task)];
  for (const precision of new Set(needed.map((task) => task.precision))) {
    const denoiser = await plan.open(card, precision);
    try {
      if (untimed && untimed.precision === precision) {
        const speed = await measureSpeed(denoiser);
        await plan.onSpeed(card, speed);
        clock.say(`${card.id}: ${speed.millisecondsPerMegapixel} ms per megapixel`);
      }
      for (const job of jobs.filter(({ task }) => task.precision === precision)) {
        const cell = await measureJob(denoiser, job, clock);
        await plan.onCell(card, cell);
        onCell(cell);
      }
    } finally {
      // weights of all models together would not fit
      (await denoiser.engine.open()).dispose();
    }
  }
}

async function measureJob(denoiser: Pick<Denoiser, 'card' | 'engine'>, job: Job, clock: Clock): Promise<Cell> {
  const { task, cases, expected } = job;
  const { noise, level, set, column, told, precision } = task;
  const parts = [denoiser.card.id, precision, set, level === undefined ? noise : `${noise} ${level}`, column, told];
  const what = parts.filter((part) => part !== undefined).join(', ');
  const cell = {
    ...task,
    ...(await score(denoiser, task, cases, (image) => clock.add(expected / cases.length, `${what}, ${image}`))),
  };
  clock.say(`${what}: ${cell.psnr.toFixed(3)} dB, SSIM ${cell.ssim.toFixed(4)}, ${cell.seconds.toFixed(0)} s`);
  return cell;
}
