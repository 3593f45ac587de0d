/**
 * The one shape of degrain's messages: what was expected, what came, what to do. `code` is stable and names the kind
 * of trouble; the worker turns it into a problem+json `type`.
 */
export class DegrainError extends Error {
  override readonly name = 'DegrainError';
  readonly code: ErrorCode;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;

  constructor(code: ErrorCode, parts: { expected: string; received: string; remedy: string }, cause?: unknown) {
    super(`Expected ${parts.expected} but received ${parts.received}. ${parts.remedy}`, { cause });
    this.code = code;
    this.expected = parts.expected;
    this.received = parts.received;
    this.remedy = parts.remedy;
  }
}

export type ErrorCode =
  | 'bad-request'
  | 'invalid-image'
  | 'invalid-model'
  | 'integrity'
  | 'engine-failed'
  | 'engine-unavailable'
  | 'network'
  | 'storage'
  | EdgeCode;

/** Codes of the edge's problem+json that reach the client's callers. */
export type EdgeCode =
  | 'unauthorized'
  | 'origin-not-allowed'
  | 'not-found'
  | 'image-too-large'
  | 'not-acceptable'
  | 'busy'
  | 'unsupported-media-type'
  | 'model-not-at-edge'
  | 'rate-limited'
  | 'quota-exceeded'
  | 'ledger-unavailable'
  | 'internal';

/** Throws a `bad-request` unless the condition holds. */
export function expectThat(
  condition: boolean,
  parts: () => { expected: string; received: string; remedy: string },
): asserts condition {
  if (!condition) throw new DegrainError('bad-request', parts());
}
