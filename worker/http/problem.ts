import { DegrainError, type ErrorCode } from '../../models/errors.ts';

/** Every code that the API answers with: its HTTP status, and what it means in few words. */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is not as it should be' },
  'invalid-image': { status: 400, title: 'The file is no sound, still PNG or JPEG' },
  unauthorized: { status: 401, title: 'The key is missing, wrong, or not good for this' },
  'origin-not-allowed': { status: 403, title: 'The key is not for pages of this origin' },
  'model-not-at-edge': { status: 400, title: 'The model is too large for the edge' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'not-acceptable': { status: 406, title: 'The answer cannot have a type that was asked for' },
  'image-too-large': { status: 413, title: 'The image is too large for the edge' },
  'unsupported-media-type': { status: 415, title: 'The edge does not read files of this type' },
  'range-not-satisfiable': { status: 416, title: 'The file has no bytes there' },
  'rate-limited': { status: 429, title: 'Too many requests in a short time' },
  'quota-exceeded': { status: 429, title: "The month's quota is used up" },
  busy: { status: 503, title: 'Too many images at a time; nothing was counted' },
  internal: { status: 500, title: 'Something broke at our end' },
  'ledger-unavailable': { status: 503, title: 'Usage cannot be recorded; nothing was counted' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Headers that go with a code wherever it occurs. */
const HEADERS: Partial<Record<ProblemCode, Record<string, string>>> = {
  unauthorized: { 'WWW-Authenticate': 'Bearer realm="degrain"' },
  'unsupported-media-type': { Accept: 'image/png, image/jpeg' },
  busy: { 'Retry-After': '2' },
  'ledger-unavailable': { 'Retry-After': '5' },
};

export interface ProblemParts {
  readonly expected: string;
  readonly received: string;
  /** What to do; becomes `detail`. */
  readonly remedy: string;
  /** Members of their own, such as a plan. */
  readonly more?: Record<string, unknown>;
  /** Of this one occurrence, such as Retry-After. */
  readonly headers?: Record<string, string>;
}

/** Thrown anywhere below a route; becomes the response. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly parts: ProblemParts;

  constructor(code: ProblemCode, parts: ProblemParts, cause?: unknown) {
    super(`${code}: expected ${parts.expected} but received ${parts.received}`, { cause });
    this.code = code;
    this.parts = parts;
  }
}

/** Codes of models/ that a request can cause; all others are faults of the edge. */
const FROM_MODELS: Partial<Record<ErrorCode, ProblemCode>> = {
  'bad-request': 'bad-request',
  'invalid-image': 'invalid-image',
  'image-too-large': 'image-too-large',
};

/** What went wrong in words that are safe to send; the whole of it goes to the log, for `internal` only. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof DegrainError ? FROM_MODELS[error.code] : undefined;
  if (error instanceof DegrainError && code) {
    const { expected, received, remedy } = error;
    return new Problem(code, { expected, received, remedy }, error);
  }
  const parts = { expected: 'an answer', received: 'a fault', remedy: 'Try again later; nothing was counted.' };
  return new Problem('internal', parts, error);
}

/** RFC 9457. `type` is relative to the edge; its last part is the code, which never changes. */
export function problemResponse({ code, parts }: Problem, requestId: string): Response {
  const { status, title } = PROBLEMS[code];
  const { expected, received, remedy, more, headers } = parts;
  const body = { type: `/problems/${code}`, title, status, detail: remedy, expected, received, requestId, ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...HEADERS[code], ...headers },
  });
}
