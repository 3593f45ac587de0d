import type { Env } from '../env.ts';
import { accepted } from '../http/accept.ts';
import { readBody } from '../http/body.ts';
import { Problem } from '../http/problem.ts';
import { headerBytes, IMAGE_TYPES, type ImageLimits, type ImageType, readSize } from './files.ts';

/** An image as it was sent, with nothing of it decoded but its size. */
export interface Received {
  readonly type: ImageType;
  /** The file; only the start of it, where it is too large. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly limits: ImageLimits;
  /** Whether it is within them, as far as can be seen from here. */
  readonly fits: boolean;
}

/**
 * Reads the body. What is too large is known by the first bytes.
 *
 * @throws Problem `unsupported-media-type`, DegrainError `invalid-image` for what has no size.
 */
export async function receive(request: Request, env: Env): Promise<Received> {
  const type = typeOf(request);
  const limits = { maxBytes: Number(env.EDGE_MAX_BYTES), maxPixels: Number(env.EDGE_MAX_PIXELS) };
  const { bytes, complete } = await readBody(request, limits.maxBytes, headerBytes(type));
  const { width, height } = readSize(type, bytes);
  return { type, bytes, width, height, limits, fits: complete && width * height <= limits.maxPixels };
}

function typeOf(request: Request): ImageType {
  const named = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const type = IMAGE_TYPES.find((known) => known === named);
  if (type) return type;
  throw new Problem('unsupported-media-type', {
    expected: `Content-Type: ${IMAGE_TYPES.join(' or ')}`,
    received: named ? named.slice(0, 80) : 'none',
    remedy: "Send the file's bytes as what they are.",
  });
}

/**
 * The types that the answer may have, the one asked for most first: the type that came, unless Accept prefers another.
 *
 * @throws Problem `not-acceptable`
 */
export function answersTo(request: Request, { type }: Received): ImageType[] {
  const accept = request.headers.get('accept') ?? undefined;
  const answers = accepted(accept, [type, ...IMAGE_TYPES.filter((other) => other !== type)]);
  if (answers.length > 0) return answers;
  throw new Problem('not-acceptable', {
    expected: `Accept to take ${IMAGE_TYPES.join(' or ')}`,
    received: (accept ?? '').slice(0, 80),
    remedy: 'Leave Accept out: the answer then has the type of the image.',
  });
}
