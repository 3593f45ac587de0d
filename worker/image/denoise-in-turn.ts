import type { ModelCard } from '../../models/card.ts';
import type { DenoiseOptions } from '../../models/denoise.ts';
import type { Env } from '../env.ts';
import { LONGEST_WAIT, MOST_WAITING } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { stopwatch } from '../http/timing.ts';
import { Busy, Gate } from '../inference/gate.ts';
import { type DenoisedFile, denoiseFile } from './denoise-file.ts';
import type { ImageType } from './files.ts';
import type { Received } from './receive.ts';

/** What denoises in another thread: sees one image at a time. */
export interface Denoiser {
  denoiseFile(
    card: ModelCard,
    received: Received,
    answers: readonly ImageType[],
    options: DenoiseOptions,
  ): Promise<DenoisedFile>;
}

/** Of this isolate: the pixels and activations of one image at a time are in its memory. */
const gate = new Gate({ places: MOST_WAITING, patience: LONGEST_WAIT });

/** One request of the isolate after the other. @throws Problem `busy`, and what `denoiseFile` throws. */
export async function denoiseInTurn(
  env: Env,
  card: ModelCard,
  received: Received,
  answers: readonly ImageType[],
  options: DenoiseOptions,
): Promise<DenoisedFile> {
  const time = stopwatch();
  const leave = await gate.enter().catch(refuseIfBusy);
  try {
    time('wait');
    const elsewhere = env.DENOISER?.denoiseFile(card, received, answers, options);
    const done = await (elsewhere ?? denoiseFile(env, card, received, answers, options));
    return { ...done, timings: { ...time.laps, ...done.timings } };
  } finally {
    leave();
  }
}

function refuseIfBusy(failure: unknown): never {
  if (!(failure instanceof Busy)) throw failure;
  throw new Problem('busy', {
    expected: 'a free place',
    received: `${MOST_WAITING} images that wait already, or ${LONGEST_WAIT / 1000} seconds of waiting`,
    remedy: 'Try again after the seconds in Retry-After, or denoise in the browser.',
  });
}
