import { DegrainError, type ErrorCode } from '../models/errors.ts';

/** An error as it travels between worker and page: structured clones keep neither class nor own fields. */
export interface Failure {
  name: string;
  message: string;
  code?: ErrorCode;
  expected?: string;
  received?: string;
  remedy?: string;
}

export function toFailure(error: unknown): Failure {
  if (error instanceof DegrainError) {
    const { name, message, code, expected, received, remedy } = error;
    return { name, message, code, expected, received, remedy };
  }
  if (error instanceof Error || error instanceof DOMException) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

export function fromFailure({ name, message, code, expected, received, remedy }: Failure): Error {
  if (code !== undefined) {
    return new DegrainError(code, { expected: expected ?? '', received: received ?? '', remedy: remedy ?? '' });
  }
  if (name === 'AbortError') return new DOMException(message, name);
  return new DegrainError('engine-failed', {
    expected: 'the worker to finish',
    received: `${name}: ${message}`,
    remedy: 'Try again; if it stays so, please report it.',
  });
}
