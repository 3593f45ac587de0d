import { inspect } from '../intake/inspect.ts';
import type { Item, Problem, Settings } from './item.ts';
import { problemOf } from './problems.ts';
import type { Queue } from './queue.ts';

interface Added {
  readonly items: readonly Item[];
  /** Why the rest of them is not here. */
  readonly problem?: Problem & { readonly files: readonly File[] };
}

/** Copies the photos into the queue, one after the other: where the disk is full, those before are here. */
export async function addPhotos(queue: Queue, files: readonly File[], settings: Settings): Promise<Added> {
  const items: Item[] = [];
  for (const [i, file] of files.entries()) {
    try {
      items.push(await queue.add(file, { ...(await inspect(file)), settings }));
    } catch (failure) {
      return { items, problem: { ...problemOf(failure), files: files.slice(i) } };
    }
  }
  return { items };
}
