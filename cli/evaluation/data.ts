import type { ModelCard } from '../../models/card.ts';
import type { FloatImage } from '../../models/image.ts';

export interface TestImage {
  readonly name: string;
  readonly read: () => Promise<FloatImage>;
}

export interface Pair {
  readonly name: string;
  readonly noisy: () => Promise<FloatImage>;
  readonly clean: () => Promise<FloatImage>;
}

/** What models are measured on. */
export interface Data {
  /** Names of the sets of clean images, and of those that come with real noise. */
  readonly sets: readonly string[];
  readonly realSets: readonly string[];
  /** What each is measured on unless told otherwise. */
  readonly roles: {
    /** By the protocol of the field. */
    readonly white: Readonly<Record<Diet, readonly string[]>>;
    /** With all kinds of noise, one after the other. */
    readonly kinds: string;
    /** Without any noise. */
    readonly clean: readonly string[];
  };
  /** @throws UsageError where there are none. */
  readonly images: (set: string) => Promise<readonly TestImage[]>;
  readonly pairs: (set: string) => Promise<readonly Pair[]>;
}

/** What a model is made for: a filter takes grey as well as colour. */
export type Diet = 'grey' | 'colour' | 'filter';

export function dietOf(card: ModelCard): Diet {
  if (card.family === 'filter') return 'filter';
  return card.channels.input === 1 ? 'grey' : 'colour';
}
