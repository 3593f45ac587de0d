import type { ModelCard } from '../../models/card.ts';
import type { DenoiseOptions } from '../../models/denoise.ts';
import type { ProblemCode, ProblemParts } from '../../worker/http/problem.ts';
import type { DenoisedFile } from '../../worker/image/denoise-file.ts';
import type { ImageType } from '../../worker/image/files.ts';
import type { Received } from '../../worker/image/receive.ts';

/** For the thread: one at a time. */
export interface Job {
  readonly card: ModelCard;
  readonly received: Received;
  readonly answers: readonly ImageType[];
  readonly options: DenoiseOptions;
}

/** What came of it. Errors lose their class on the way: they travel as problems. */
export type Outcome =
  | { readonly done: DenoisedFile }
  | { readonly code: ProblemCode; readonly parts: ProblemParts; readonly cause: string };
