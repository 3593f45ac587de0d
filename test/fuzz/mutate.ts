import { jpegFrame, jpegLength, jpegScan, markerSurgery } from './mutate-jpeg.ts';
import { chunkSurgery, pngHeader, pngLength, pngRows } from './mutate-png.ts';
import { type Random, randomOf } from './random.ts';
import type { Format, Input, Seeds } from './seeds.ts';

type File = Uint8Array<ArrayBuffer>;
type Mutation = (file: File, other: File, random: Random) => File;

function flipBits(file: File, _: File, random: Random): File {
  const changed = file.slice();
  for (let n = random.below(6); n >= 0 && changed.length > 0; n--) {
    const at = random.below(changed.length);
    changed[at] = (changed[at] as number) ^ (1 << random.below(8));
  }
  return changed;
}

const truncate: Mutation = (file, _, random) => file.slice(0, random.below(file.length + 1));

/** The start of one file and the end of another. */
const splice: Mutation = (file, other, random) =>
  Uint8Array.from([...file.subarray(0, random.below(file.length)), ...other.subarray(random.below(other.length))]);

/** Bytes taken out, put in, or repeated. */
function shift(file: File, _: File, random: Random): File {
  const at = random.below(file.length + 1);
  const end = Math.min(file.length, at + random.below(200));
  const between = random.pick([new Uint8Array(0), random.bytes(random.below(20)), file.subarray(at, end)]);
  return Uint8Array.from([...file.subarray(0, at), ...between, ...file.subarray(random.below(2) ? at : end)]);
}

const ANYWHERE: readonly Mutation[] = [flipBits, truncate, splice, shift];
const MUTATIONS: Record<Format, readonly Mutation[]> = {
  png: [
    ...ANYWHERE,
    ...[chunkSurgery, chunkSurgery, chunkSurgery],
    (file, _, random) => pngRows(file, random),
    (file, _, random) => pngHeader(file, random),
    (file, _, random) => pngRows(file, random),
    (file, _, random) => pngLength(file, random),
  ],
  jpeg: [
    ...ANYWHERE,
    ...[markerSurgery, markerSurgery, markerSurgery],
    (file, _, random) => jpegFrame(file, random),
    (file, _, random) => jpegScan(file, random),
    (file, _, random) => jpegLength(file, random),
  ],
};

const FORMATS = ['png', 'jpeg'] as const;

/** Input number `index` of the run with this seed: a file that is sound, or one in eight times is not, changed a bit. */
export function makeInput(seeds: Record<Format, Seeds>, seed: number, index: number): Input {
  const random = randomOf(seed, index);
  const format = random.pick(FORMATS);
  const { sound, hostile } = seeds[format];
  const anyFile = () => random.pick(seeds[random.pick(FORMATS)].sound);
  let file = random.pick(random.below(8) ? sound : hostile);
  const times = random.below(3) ? 1 : 1 + random.below(4);
  for (let n = 0; n < times; n++) file = random.pick(MUTATIONS[format])(file, anyFile(), random);
  return { format, file };
}
