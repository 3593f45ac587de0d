import type { Item } from '../queue/item.ts';

/** What is remembered of a photo that was denoised: on this device only. */
export type Entry = Pick<Item, 'id' | 'name' | 'bytes' | 'size' | 'thumbnail' | 'outcome'> & {
  /** ms since 1970. */
  readonly at: number;
};
