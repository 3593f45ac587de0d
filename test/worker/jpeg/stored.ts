import { readFileSync } from 'node:fs';
import { root } from '../../paths.ts';

interface Stored {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly quality: number;
  readonly samples: Uint8Array<ArrayBuffer>;
}

const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const json = JSON.parse(readFileSync(`${root}test/stored/jpeg.json`, 'utf8'));

/** Made by jpeg.py beside jpeg.json. */
export const cases: readonly Stored[] = json.cases.map((each: Record<string, string>) => ({
  ...each,
  file: bytes(each.file as string),
  samples: bytes(each.samples as string),
}));
export const stored = (name: string) => cases.find((each) => each.name === name) as Stored;
export const cmyk = bytes(json.refused.CMYK);
export const twoPictures = bytes(json.twoPictures);
export const longProfile = bytes(json.longProfile);
