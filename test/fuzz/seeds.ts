import { readFileSync } from 'node:fs';
import { INVALID, TOO_LARGE } from '../hostile/attacks.ts';
import { BROKEN_JPEGS, TOO_LARGE_JPEGS } from '../hostile/jpeg.ts';
import { buildPng, chunk, plainPng } from '../hostile/png.ts';
import { root } from '../paths.ts';

export type Format = 'png' | 'jpeg';

type File = Uint8Array<ArrayBuffer>;

/** An image to send, and as what. */
export interface Input {
  readonly format: Format;
  readonly file: File;
}

export interface Seeds {
  /** By libpng, by Pillow, and by our own builder. */
  readonly sound: readonly File[];
  /** What is refused as it is. */
  readonly hostile: readonly File[];
}

const stored = (name: string) => JSON.parse(readFileSync(`${root}test/stored/${name}.json`, 'utf8'));
const decoded = (text: string, coding: 'hex' | 'base64') => Uint8Array.from(Buffer.from(text, coding));

/** Larger than this, a hostile file is about its size, and copies of it would only take time. */
const MAX_SEED_BYTES = 64 * 1024;
const small = (makers: Record<string, () => File>) =>
  Object.values(makers)
    .map((make) => make())
    .filter(({ length }) => length <= MAX_SEED_BYTES);

/** What inputs are made from. */
export function seeds(): Record<Format, Seeds> {
  const jpeg = stored('jpeg');
  const metadata = [chunk('iCCP', [65, 0, 0, 1, 2]), chunk('pHYs', new Uint8Array(9)), chunk('eXIf', [77, 77, 0, 42])];
  const samples = Uint8Array.from({ length: 64 * 48 }, (_, i) => i % 2);
  return {
    png: {
      sound: [
        ...stored('png').map(({ file }: { file: string }) => decoded(file, 'hex')),
        plainPng(40, 30, metadata),
        buildPng({ width: 64, height: 48, depth: 1, colour: 0, interlaced: true, samples }),
      ],
      hostile: small({ ...INVALID, ...TOO_LARGE }),
    },
    jpeg: {
      sound: [...jpeg.cases.map(({ file }: { file: string }) => file), jpeg.twoPictures].map((text) =>
        decoded(text, 'base64'),
      ),
      hostile: small({ ...BROKEN_JPEGS, ...TOO_LARGE_JPEGS }),
    },
  };
}
