import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodePng } from '../../../worker/png/codec.ts';
import { root } from '../../paths.ts';

interface Stored {
  readonly colour: number;
  readonly bits: number;
  readonly interlaced: boolean;
  readonly transparency: boolean;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly file: string;
  readonly samples: string;
}

/** Made by png.c beside it: libpng wrote the files and read the samples, 16 bits with the high byte first. */
const stored: Stored[] = JSON.parse(readFileSync(`${root}test/stored/png.json`, 'utf8'));
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const limits = { maxBytes: 2 ** 20, maxPixels: 65536 };

test.each(stored)(
  'colour type $colour of $bits bits, interlaced: $interlaced, tRNS: $transparency, $width x $height',
  (each) => {
    const { image, original } = decodePng(bytes(each.file), limits);
    const samples = bytes(each.samples);
    const view = new DataView(samples.buffer);
    const expected =
      each.depth === 16 ? Uint16Array.from({ length: samples.length / 2 }, (_, i) => view.getUint16(2 * i)) : samples;
    const { width, height, channels, depth } = each;
    expect(image).toEqual({ width, height, channels, depth, data: expected });
    expect(decodePng(original(), limits).image).toEqual(image);
  },
);
