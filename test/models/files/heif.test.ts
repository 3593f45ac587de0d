import { expect, test } from 'vitest';
import { colourSpaceOfHeif } from '../../../models/files/heif.ts';
import { DISPLAY_P3, makeProfile } from './profiles.ts';

/** A box: size, four letters, data. */
function box(type: string, data: ArrayLike<number>): number[] {
  const size = data.length + 8;
  return [size >> 24, size >> 16, size >> 8, size, ...Buffer.from(type)]
    .map((byte) => byte & 255)
    .concat(Array.from(data));
}
const file = (...boxes: number[][]) => Uint8Array.from([...box('ftyp', Buffer.from('avif')), ...boxes.flat()]);
const nclx = (primaries: number, curve: number) =>
  box('colr', [...Buffer.from('nclx'), 0, primaries, 0, curve, 0, 1, 128]);

test.each([
  ['no word of colours', file(box('meta', [1, 2, 3])), 'srgb'],
  ['numbers of sRGB', file(nclx(1, 13)), 'srgb'],
  ['numbers of Display P3', file(box('free', Buffer.from('colours, col')), nclx(12, 13)), 'display-p3'],
  ['numbers of HDR', file(nclx(9, 16)), 'other'],
  ['a profile', file(box('colr', [...Buffer.from('prof'), ...makeProfile(DISPLAY_P3)])), 'display-p3'],
  [
    'a profile that is cut short',
    file(box('colr', [...Buffer.from('prof'), ...makeProfile(DISPLAY_P3).slice(0, 150)])),
    'other',
  ],
  ['a box at the very end', file([...Buffer.from('colr')]), 'srgb'],
  ['another format', Uint8Array.from(Buffer.from('GIF89a, colrnclx and more of it')), 'srgb'],
  ['nothing', new Uint8Array(0), 'srgb'],
])('%s', (_, bytes, space) => {
  expect(colourSpaceOfHeif(bytes)).toBe(space);
});
