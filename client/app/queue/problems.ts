import { DegrainError } from '../../../models/errors.ts';
import type { Problem } from './item.ts';

/** Why something did not work, and the way out, from whatever was thrown. */
export function problemOf(failure: unknown): Problem {
  if (failure instanceof DegrainError) {
    const { code, expected, received, remedy } = failure;
    return { code, expected, received, remedy };
  }
  if (isFull(failure)) return DISK_FULL;
  return {
    code: 'engine-failed',
    expected: 'the photo to be worked on',
    received: String(failure),
    remedy: 'Try again; if it stays so, please report it.',
  };
}

/** The same as an error, for who waits for a result. */
export function errorOf({ code, ...parts }: Problem): DegrainError {
  return new DegrainError(code === 'ended' ? 'engine-failed' : code, parts);
}

const isFull = (failure: unknown) => failure instanceof DOMException && failure.name === 'QuotaExceededError';

export const DISK_FULL: Problem = {
  code: 'storage',
  expected: 'room on this device',
  received: 'a full disk, or all that the browser gives this page',
  remedy: 'Save finished photos and remove them from the strip, or free space on the device; then try again.',
};

export const ENDED: Problem = {
  code: 'ended',
  expected: 'the page to outlive this photo',
  received: 'a page that ended in the middle of it, twice',
  remedy: 'It may be too large for this device’s memory: make it smaller, or close other tabs, and try again.',
};

export const LOST: Problem = {
  code: 'storage',
  expected: 'the photo’s copy in this browser',
  received: 'none: the browser has cleared it',
  remedy: 'Remove it here and add the photo again.',
};

export const NOTHING_KEPT: Problem = {
  code: 'storage',
  expected: 'a page that may keep photos while it works on them',
  received: 'a browser that does not let it',
  remedy: 'Open it outside of private windows, over https://, in a browser of the last years.',
};
