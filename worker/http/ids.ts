import type { PlanInputs } from '../usage/event.ts';
import { Problem } from './problem.ts';

/** A retry gets its plan again. Work for another image would be hidden behind it, and the caller mixed up ids. */
export function idTaken(planId: string, recorded?: PlanInputs): Problem {
  const taken = recorded ? `one of ${recorded.width} x ${recorded.height} with ${recorded.model}` : 'another use';
  return new Problem('bad-request', {
    expected: 'a planId that is new, or that of the same image and model',
    received: `${planId}, known from ${taken}`,
    remedy: 'Make a new UUID for each image.',
  });
}
