import type { ModelCard } from '../../models/card.ts';
import type { Score } from './score.ts';
import type { Speed } from './speed.ts';
import type { Task } from './tasks.ts';

/** A task and what it gave. */
export interface Cell extends Task, Score {}

/** What is known of one version of a model. */
export interface Measured {
  readonly version: string;
  readonly speed: Speed | undefined;
  readonly cells: readonly Cell[];
}

/** By the model's id: of each model one version. */
export type Measurements = Readonly<Record<string, Measured>>;

export type Version = Pick<ModelCard, 'id' | 'version'>;

/** What is stored of this very version. */
export function measuredOf(measurements: Measurements, { id, version }: Version): Measured {
  const stored = measurements[id];
  return stored?.version === version ? stored : { version, speed: undefined, cells: [] };
}

export function findCell(cells: readonly Cell[], task: Task): Cell | undefined {
  const key = keyOf(task);
  return cells.find((cell) => keyOf(cell) === key);
}

/** Replaces the cell of the same task; cells of another version of the model go. */
export function withCell(measurements: Measurements, card: Version, cell: Cell): Measurements {
  const { cells, ...measured } = measuredOf(measurements, card);
  const others = cells.filter((other) => keyOf(other) !== keyOf(cell));
  return { ...measurements, [card.id]: { ...measured, cells: [...others, cell].sort(inOrder) } };
}

export function withSpeed(measurements: Measurements, card: Version, speed: Speed): Measurements {
  return { ...measurements, [card.id]: { ...measuredOf(measurements, card), speed } };
}

function keyOf({ noise, set, column, told, precision, level }: Task): string {
  return [noise, set, column, told, precision, level].join();
}

const compare = new Intl.Collator('en', { numeric: true }).compare;

/** So that a change of one figure changes one line of the file. */
function inOrder(a: Task, b: Task): number {
  return compare(keyOf(a), keyOf(b));
}
