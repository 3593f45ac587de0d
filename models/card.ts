import * as z from 'zod/mini';
import { DegrainError } from './errors.ts';
import type { Precision } from './precision.ts';

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
  /**
   * `float`: unclipped Gaussian noise, as the literature has it; `8-bit`: clipped and rounded, as in a file; `factor`:
   * x + factor N(0, 1), clipped, as autoencoders are taught with; `camera`: what a camera left.
   */
  noise: z.enum(['float', '8-bit', 'factor', 'camera']),
  /** 0..255. */
  sigma: z.exactOptional(z.number()),
  factor: z.exactOptional(z.number()),
  /** dB, mean over images. */
  psnr: z.number(),
  ssim: z.exactOptional(z.number()),
  /** Binary, mean over pixels, nats. */
  crossEntropy: z.exactOptional(z.number()),
  protocol: z.string(),
});

/** What all denoisers say of themselves. */
const common = {
  format: z.literal(2),
  id,
  version,
  title: z.string(),
  description: z.string(),
  task: z.literal('denoise'),
  license: z.string(),
  /** Why it falls short of what its kind should reach; missing where it does not. */
  experimental: z.exactOptional(z.string()),
  sigma: z.discriminatedUnion('kind', [
    /**
     * `map`: the last input channel is sigma / 255, for sigma in min..max (0..255). Where noise is correlated,
     * `correlatedGain` times the estimate is what serves best.
     */
    z.strictObject({ kind: z.literal('map'), min: z.number(), max: z.number(), correlatedGain: z.number() }),
    /** It finds the noise itself. */
    z.strictObject({ kind: z.literal('blind') }),
  ]),
  /** px of real image around a tile's part: `exact` by construction, null where every pixel depends on all others;
   * `measured` to half an 8-bit step. */
  halo: z.strictObject({ exact: z.nullable(pixels), measured: pixels }),
  /** px: sides of the input, and origins of tiles, are multiples of it. */
  sizeMultiple: z.int().check(z.positive()),
  /** float32 values alive, per pixel of the input. */
  memory: z.strictObject({
    largestBufferBytesPerPixel: z.number().check(z.positive()),
    peakBytesPerPixel: z.number().check(z.positive()),
  }),
  metrics: z.array(Metric),
  limits: z.array(z.string()),
};

/** A classical filter: code in models/filters, no files. It takes grey images as grey and colour as colour. */
export const FilterCard = z.strictObject({
  ...common,
  family: z.literal('filter'),
  /** Where it is from. */
  paper: z.string(),
  /** Fast enough for the edge's processors. */
  edge: z.boolean(),
});

/** What runs as a graph: our tiers, the networks of the literature, autoencoders. The exporter writes it. */
export const NetworkCard = z.strictObject({
  ...common,
  family: z.enum(['tier', 'network', 'autoencoder']),
  /** The recipe's [model] table: what to build to train on. */
  architecture: z.record(z.string(), z.unknown()),
  /** 1: grey; a colour image's channels are then denoised one after the other. */
  channels: z.strictObject({ input: z.literal([1, 3]), output: z.literal([1, 3]) }),
  /** px: the only size that it takes; missing where it takes any. */
  size: z.exactOptional(z.strictObject({ width: pixels, height: pixels })),
  /** px: how far from an output pixel an input pixel can be and still change it; null for the whole image. */
  receptiveField: z.strictObject({ radius: z.nullable(pixels) }),
  parameters: z.int().check(z.positive()),
  /** 1e9 multiply-accumulates per 1e6 pixels. */
  gmacsPerMegapixel: z.number().check(z.positive()),
  graph: z.strictObject({
    model: z.string(),
    input: z.string(),
    output: z.string(),
    /** Of a variational autoencoder: the node that holds the code. Fed with normal numbers, the graph draws samples. */
    latent: z.exactOptional(z.strictObject({ node: z.string(), size: z.int() })),
  }),
  files: z.array(CardFile),
  /** dB lost by weights.q8 against the weights as trained: at sigma 25 on a test set, at factor 0.5 for autoencoders. */
  quantisation: z.strictObject({ q8PsnrCost: z.number() }),
  training: z.strictObject({
    data: z.array(z.strictObject({ name: z.string(), licence: z.string(), images: z.int() })),
    recipe: z.string(),
    patches: z.int(),
    hours: z.number(),
    hardware: z.string(),
  }),
});

/** What a published denoiser says of itself. */
export const ModelCard = z.discriminatedUnion('family', [FilterCard, NetworkCard]);

export type FilterCard = z.infer<typeof FilterCard>;
export type NetworkCard = z.infer<typeof NetworkCard>;
export type ModelCard = z.infer<typeof ModelCard>;
export type CardFile = z.infer<typeof CardFile>;

export type { Precision };

/** @throws DegrainError `invalid-model` that names the first field that is wrong. */
export function parseCard(value: unknown): ModelCard {
  const parsed = ModelCard.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown];
  const field = path.join('.') || 'an object';
  throw new DegrainError('invalid-model', {
    expected: `a model card of format 2 ${unknown.length > 0 ? 'without' : 'with'} ${field}`,
    received: (JSON.stringify(valueAt(value, path)) ?? 'nothing').slice(0, 100),
    remedy: 'Fetch the card again; if it stays so, the model was published by another version of degrain.',
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

const hasWeights = (card: NetworkCard, precision: Precision) =>
  card.files.some((file) => file.role === `weights-${precision}`);

/** The form in which the weights come: the one asked for, where it is published. */
export function precisionOf(card: ModelCard, asked: Precision): Precision {
  if (card.family === 'filter' || hasWeights(card, asked)) return asked;
  return asked === 'q8' ? 'f16' : 'q8';
}

/** The files a client needs to run a model: the graph and one form of its weights; none for a filter. */
export function filesToRun(card: ModelCard, precision: Precision): CardFile[] {
  if (card.family === 'filter') return [];
  const weights = `weights-${precisionOf(card, precision)}`;
  return card.files.filter((file) => file.role === 'graph' || file.role === weights);
}
