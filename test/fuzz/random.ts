import { sfc32 } from '../../models/noise/random.ts';

/** Seeded choices. */
export interface Random {
  /** 0 to below `end`, whole. */
  below(end: number): number;
  bytes(length: number): Uint8Array;
  pick<Item>(items: readonly Item[]): Item;
}

/** Every input of a run has a number of its own, and is made from it and the run's seed alone. */
export function randomOf(seed: number, index: number): Random {
  const uniform = sfc32(seed * 2 ** 32 + index);
  const below = (end: number) => Math.floor(uniform() * end);
  return {
    below,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    pick: (items) => items[below(items.length)] as (typeof items)[number],
  };
}
