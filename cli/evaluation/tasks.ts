import { type ModelCard, type Precision, precisionOf } from '../../models/card.ts';
import { NOISE_KINDS, type NoiseKind } from '../../models/noise/kinds.ts';
import { type Data, dietOf } from './data.ts';

/** `float`: unclipped noise, as the literature has it; `8-bit`: clipped and rounded, as files hold it. */
export const COLUMNS = ['float', '8-bit'] as const;
export type Column = (typeof COLUMNS)[number];

/** White Gaussian noise by the protocol of the field; what cameras left in photographs; none at all. */
export const WHITE = 'white';
export const REAL = 'real';
export const NONE = 'none';

/** No noise, but what can be asked for beside it: how fast a model is. */
export const SPEED = 'speed';

/** What a model is told of the noise: its sigma, an estimate, nothing, a number; or, for each image, what was best. */
export type Told = 'known' | 'auto' | 'blind' | 'best' | number;

/** One figure to find out about a model. */
export interface Task {
  readonly set: string;
  /** WHITE, REAL, NONE, or a kind of noise by its name. */
  readonly noise: string;
  /** Of WHITE: sigma, 0..255; of a kind: its own parameter. */
  readonly level: number | undefined;
  readonly column: Column;
  readonly told: Told;
  /** None of filters. */
  readonly precision: Precision | undefined;
}

/** What of it all was asked for; undefined where that was left open. */
export interface Wanted {
  readonly sets: readonly string[] | undefined;
  /** Kinds of noise, and SPEED. */
  readonly parts: readonly string[] | undefined;
  readonly sigmas: readonly number[];
  readonly columns: readonly Column[];
  readonly precisions: readonly Precision[];
  /** Let the pipeline estimate the sigma of white noise, too. */
  readonly auto: boolean;
}

/** On photographs with real noise this model is also told each of these sigmas: what estimates are compared with. */
const REFERENCE = 'fast';
export const GRID = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55];

/** All kinds are too much to look at at every level: the one in the middle, the lower of two. */
export const shownLevel = ({ levels }: NoiseKind) => levels[(levels.length - 1) >> 1] as number;

/** All that is to be measured of a model: nothing of those that take images of one size only. */
export function tasksOf(card: ModelCard, data: Pick<Data, 'sets' | 'realSets' | 'roles'>, wanted: Wanted): Task[] {
  if (!takesAnySize(card)) return [];
  const [main, ...others] = formsOf(card, wanted);
  const tasks = [
    ...whiteTasks(card, data, wanted, main),
    ...otherTasks(card, data, wanted, main),
    // what the other form of the weights costs, white noise tells
    ...others.flatMap((precision) => whiteTasks(card, data, wanted, precision)),
  ];
  return tasks.filter(({ noise }) => wanted.parts?.includes(noise) ?? true);
}

export const takesAnySize = (card: ModelCard) => card.family === 'filter' || card.size === undefined;

/** Of what was asked for, what there is; the first is what all is measured with. */
export function formsOf(card: ModelCard, { precisions }: Wanted): (Precision | undefined)[] {
  if (card.family === 'filter') return [undefined];
  return [...new Set(precisions.map((precision) => precisionOf(card, precision)))];
}

function whiteTasks(
  card: ModelCard,
  data: Pick<Data, 'sets' | 'roles'>,
  { sets, sigmas, columns, auto }: Wanted,
  precision: Precision | undefined,
): Task[] {
  const { sigma } = card;
  const told: Told[] = sigma.kind === 'blind' ? ['blind'] : auto ? ['known', 'auto'] : ['known'];
  const levels = sigma.kind === 'blind' ? sigmas : sigmas.filter((level) => level >= sigma.min && level <= sigma.max);
  const usual = data.roles.white[dietOf(card)];
  return data.sets
    .filter((set) => (sets ?? usual).includes(set))
    .flatMap((set) =>
      columns.flatMap((column) =>
        levels.flatMap((level) => told.map((way) => ({ set, noise: WHITE, level, column, told: way, precision }))),
      ),
    );
}

/** In files: every kind of noise, real noise, and no noise, of which nothing is told. */
function otherTasks(
  card: ModelCard,
  { sets, realSets, roles }: Pick<Data, 'sets' | 'realSets' | 'roles'>,
  wanted: Wanted,
  precision: Precision | undefined,
): Task[] {
  const told: Told = card.sigma.kind === 'blind' ? 'blind' : 'auto';
  const task = { level: undefined, column: '8-bit', told, precision } as const;
  // all of these are in colour: networks for grey are run on them when asked to
  const asked = (set: string) => wanted.sets?.includes(set) ?? dietOf(card) !== 'grey';
  const tolds = card.id === REFERENCE ? [told, 'best' as const, ...GRID] : [told];
  return [
    ...sets
      .filter((set) => set === roles.kinds && asked(set))
      .flatMap((set) => NOISE_KINDS.map((kind) => ({ ...task, set, noise: kind.name, level: shownLevel(kind) }))),
    ...realSets.filter(asked).flatMap((set) => tolds.map((way) => ({ ...task, set, noise: REAL, told: way }))),
    ...sets.filter((set) => roles.clean.includes(set) && asked(set)).map((set) => ({ ...task, set, noise: NONE })),
  ];
}
