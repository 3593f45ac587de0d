import * as z from 'zod/mini';
import { DegrainError } from './errors.ts';

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const pixels = z.int().check(z.nonnegative());
const bytes = z.int().check(z.nonnegative());
/** Identifiers are parts of addresses. */
const id = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/));
const version = z.string().check(z.regex(/^\d+\.\d+\.\d+$/));

export const FileRole = z.enum(['graph', 'weights-f16', 'weights-q8', 'golden']);

export const CardFile = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z0-9._-]+$/)),
  bytes,
  sha256: hash,
  role: FileRole,
});

export const Metric = z.strictObject({
  set: z.string(),
  /** `float`: unclipped noise, as the literature has it; `8-bit`: clipped and rounded, as in a file. */
  noise: z.enum(['float', '8-bit']),
  /** 0..255. */
  sigma: z.number(),
  /** dB, mean over images. */
  psnr: z.number(),
  protocol: z.string(),
});

/** What a published model says of itself. The exporter writes it, everyone else reads it. */
export const ModelCard = z.strictObject({
  format: z.literal(1),
  id,
  version,
  title: z.string(),
  description: z.string(),
  task: z.literal('denoise'),
  license: z.string(),
  channels: z.strictObject({ input: z.literal(3), output: z.literal(3) }),
  /** `map`: the last input channel is sigma / 255, for sigma in min..max (0..255). */
  sigma: z.strictObject({ kind: z.literal('map'), min: z.number(), max: z.number() }),
  /** px: how far from an output pixel an input pixel can be and still change it. */
  receptiveField: z.strictObject({ radius: pixels }),
  /** px of real image around a tile's part: `exact` by construction; `measured` to half an 8-bit step. */
  halo: z.strictObject({ exact: pixels, measured: pixels }),
  /** px: sides of the network's input, and origins of tiles, are multiples of it. */
  sizeMultiple: z.int().check(z.positive()),
  parameters: z.int().check(z.positive()),
  /** 1e9 multiply-accumulates per 1e6 pixels. */
  gmacsPerMegapixel: z.number().check(z.positive()),
  /** float32 activations, per pixel of the input. */
  memory: z.strictObject({
    largestBufferBytesPerPixel: z.number().check(z.positive()),
    peakBytesPerPixel: z.number().check(z.positive()),
  }),
  graph: z.strictObject({ model: z.string(), input: z.string(), output: z.string() }),
  files: z.array(CardFile),
  /** dB lost on CBSD68 at sigma 25 by weights.q8 against the float16 weights. */
  quantisation: z.strictObject({ q8PsnrCost: z.number() }),
  training: z.strictObject({
    data: z.array(z.strictObject({ name: z.string(), licence: z.string(), images: z.int() })),
    recipe: z.string(),
    patches: z.int(),
    hours: z.number(),
    hardware: z.string(),
  }),
  metrics: z.array(Metric),
  limits: z.array(z.string()),
});

export type ModelCard = z.infer<typeof ModelCard>;
export type CardFile = z.infer<typeof CardFile>;

/** How weights travel: `q8` is half the download of `f16`. */
export type Precision = 'f16' | 'q8';

/** @throws DegrainError `invalid-model` that names the first field that is wrong. */
export function parseCard(value: unknown): ModelCard {
  const parsed = ModelCard.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown];
  const field = path.join('.') || 'an object';
  throw new DegrainError('invalid-model', {
    expected: `a model card of format 1 ${unknown.length > 0 ? 'without' : 'with'} ${field}`,
    received: (JSON.stringify(valueAt(value, path)) ?? 'nothing').slice(0, 100),
    remedy: 'Fetch the card again; if it stays so, the model was published by another version of degrain.',
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

/** The files a client needs to run a model: the graph and one form of its weights. */
export function filesToRun(card: ModelCard, precision: Precision): CardFile[] {
  const role = precision === 'q8' ? 'weights-q8' : 'weights-f16';
  return card.files.filter((file) => file.role === 'graph' || file.role === role);
}
