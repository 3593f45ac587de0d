import type { ErrorCode } from '../../../models/errors.ts';
import type { Mix } from '../../../models/mix.ts';
import { MAX_PIXELS } from '../../../models/tiles.ts';
import type { DenoiseResult } from '../../contract.ts';

/** How a photo is to be denoised. */
export interface Settings extends Mix {
  readonly model: string;
  /** Standard deviation on the 0..255 scale. */
  readonly sigma: number | 'auto';
}

/** Messages as DegrainError has them, as they are kept. */
export interface Problem {
  readonly code: ErrorCode | 'storage' | 'ended';
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;
}

/** How a run went. */
export interface Outcome {
  readonly engine: DenoiseResult['engine'];
  /** None of blind models. */
  readonly sigma: number | undefined;
  readonly milliseconds: number;
  readonly type: string;
  readonly bytes: number;
  readonly settings: Settings;
}

/** A photo in the queue. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** Smaller ones come first. */
  readonly place: number;
  readonly settings: Settings;
  /** `arriving`: its file is being written. Whether it runs is not kept: what ran when a tab ended waits again. */
  readonly state: 'arriving' | 'waiting' | 'done' | 'failed';
  /** Runs that began since the last one that ended: of some photos a tab dies. */
  readonly begun: number;
  /** What is odd about the file and should be known, in words. */
  readonly notes: readonly string[];
  readonly size?: { readonly width: number; readonly height: number };
  /** A JPEG's bytes: WebKit failed to write entries anew that it had read with a Blob in them. */
  readonly thumbnail?: ArrayBuffer;
  readonly outcome?: Outcome;
  readonly problem?: Problem;
  /** Whether somebody has saved the result. */
  readonly saved?: boolean;
}

/** More than is ever denoised: a browser that was asked to show it would take gigabytes first. */
export const isTooLarge = ({ size }: Pick<Item, 'size'>) => size !== undefined && size.width * size.height > MAX_PIXELS;

/** What makes the network run again; the rest is mixing. */
export const sameRun = (a: Settings, b: Settings) => a.model === b.model && a.sigma === b.sigma;

export const sameMix = (a: Mix, b: Mix) => a.strength === b.strength && a.luma === b.luma && a.chroma === b.chroma;
