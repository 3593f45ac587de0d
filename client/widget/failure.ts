import type { DegrainError, ErrorCode } from '../../models/errors.ts';

type Parts = Pick<DegrainError, 'expected' | 'received' | 'remedy'>;

/** In the shape of the library's errors, also while the library is not there yet, or does not come. */
export function failure(code: ErrorCode, parts: Parts, cause?: unknown): DegrainError {
  const message = `Expected ${parts.expected} but received ${parts.received}. ${parts.remedy}`;
  return Object.assign(new Error(message, { cause }), { name: 'DegrainError' as const, code, ...parts });
}

/** Whatever a run fails with that is none of those: a script that did not come, most of all. */
export function toFailure(reason: unknown): DegrainError {
  if (reason instanceof Error && reason.name === 'DegrainError') return reason as DegrainError;
  const expected = `the scripts of ${new URL(import.meta.url).origin}`;
  const remedy = 'Check the connection, and try again.';
  return failure('network', { expected, received: String(reason), remedy }, reason);
}
