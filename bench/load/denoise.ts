import { type FloatImage, toRaster } from '../../models/image.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { build } from '../../scripts/build.ts';
import { buildWorker } from '../../test/global-setup.ts';
import { type Edge, startEdge } from '../../test/worker/harness.ts';
import { openCodec } from '../../test/worker/jpeg/codec-in-node.ts';
import { encodePng } from '../../worker/png/codec.ts';
import { otherWork, table } from '../table.ts';
import { median, quantile } from './statistics.ts';

const SIDES = [32, 64, 128, 256];
const TYPES = ['png', 'jpeg'] as const;
const MODELS = ['median', 'fast'];
const SIGMA = 25;

/** Of Server-Timing, in their order; `open` is what a model's first image takes, and 0 afterwards. */
const PARTS = ['receive', 'wait', 'decode', 'estimate', 'tiles', 'encode', 'ledger'] as const;

interface Subject {
  readonly side: number;
  readonly type: (typeof TYPES)[number];
  readonly model: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly milliseconds: number[];
  readonly parts: Record<string, number>[];
}

/** A soft picture with noise on it. */
async function noisyFile(side: number, type: Subject['type']): Promise<Uint8Array<ArrayBuffer>> {
  const data = Float32Array.from(
    { length: side * side * 3 },
    (_, i) => 0.5 + 0.3 * Math.sin(i / 97) * Math.cos(i / 3001),
  );
  const clean: FloatImage = { data, width: side, height: side, channels: 3 };
  const image = toRaster(addGaussian(clean, SIGMA, { seed: side, eightBit: true }), undefined, 8);
  const coding = { quality: 90, colourQuality: 90, subsampled: true };
  return type === 'png' ? encodePng(image) : openCodec().encode(image, coding);
}

const laps = (header: string) =>
  Object.fromEntries([...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => [name as string, Number(ms)]));

async function ask(edge: Edge, { type, model, file }: Subject) {
  const started = performance.now();
  const response = await fetch(new URL(`/v1/denoise?model=${model}`, edge.url), {
    method: 'POST',
    headers: { authorization: 'Bearer sk_local', 'content-type': `image/${type}` },
    body: file,
  });
  await response.arrayBuffer();
  const milliseconds = performance.now() - started;
  if (!response.ok) throw new Error(`Expected an image of ${type} with ${model} but got ${response.status}`);
  return { milliseconds, parts: laps(response.headers.get('server-timing') ?? '') };
}

/** How long small images take, one after the other, and what of it goes where. */
export async function measureDenoise({ rounds }: { rounds: number }): Promise<string> {
  const machine = otherWork();
  await build();
  await buildWorker();
  const subjects: Subject[] = [];
  for (const model of MODELS) {
    for (const type of TYPES) {
      for (const side of SIDES) {
        const file = await noisyFile(side, type);
        subjects.push({ side, type, model, file, milliseconds: [], parts: [] });
      }
    }
  }
  const edge = await startEdge();
  try {
    // the first of each opens engine and codecs
    for (let round = 0; round <= rounds; round++) {
      for (const subject of subjects) {
        const { milliseconds, parts } = await ask(edge, subject);
        if (round === 0) continue;
        subject.milliseconds.push(milliseconds);
        subject.parts.push(parts);
      }
      process.stderr.write(`\rround ${round} of ${rounds}`);
    }
    process.stderr.write('\n');
  } finally {
    await edge.close();
  }
  const rows = subjects.map(({ side, type, model, milliseconds, parts }) => [
    `\`${model}\`, ${type.toUpperCase()}, ${side}²`,
    ...[0.5, 0.95, 1].map((part) => quantile(milliseconds, part).toFixed(0)),
    ...PARTS.map((name) => median(parts.map((each) => each[name] ?? 0)).toFixed(1)),
  ]);
  return `${table(['', 'p50, ms', 'p95', 'slowest', ...PARTS], rows)}

${rounds} times each, warm, one at a time and in turn, through the local edge, with \`sigma=auto\`; on the right the medians of
\`Server-Timing\`. ${machine}.`;
}
