import { expect, test } from 'vitest';
import { inspect } from '../../../client/app/intake/inspect.ts';
import { unlikeEachOther } from '../../../client/app/save/names.ts';

/** As much of a JPEG as says how it is made: EXIF-like bytes, tables, and the frame header. */
function jpeg(components: number): Uint8Array<ArrayBuffer> {
  const bytes = [0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 0];
  return Uint8Array.from([...bytes, 0xff, 0xc2, 0, 8 + 3 * components, 8, 0, 30, 0, 40, components]);
}

const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 1, 0, 0, 0, 0, 9,
]);

test('a file is what its bytes are, whatever it is called', async () => {
  const known = await inspect(new Blob([PNG], { type: 'image/jpeg' }));
  expect(known).toEqual({
    type: 'image/png',
    notes: ['Its name says JPEG, but it is PNG.'],
    size: { width: 256, height: 9 },
  });
  expect(await inspect(new Blob([jpeg(3)]))).toEqual({
    type: 'image/jpeg',
    notes: [],
    size: { width: 40, height: 30 },
  });
  expect(await inspect(new Blob(['text'], { type: 'image/x-raw' }))).toEqual({ type: 'image/x-raw', notes: [] });
  expect(await inspect(new Blob([]))).toEqual({ type: '', notes: [] });
  // a header that ends where its length says that it goes on
  expect((await inspect(new Blob([jpeg(3).slice(0, 12)]))).size).toBeUndefined();
});

test('CMYK is said to come back in sRGB', async () => {
  const { notes } = await inspect(new Blob([jpeg(4)], { type: 'image/jpeg' }));
  expect(notes).toEqual(['CMYK: it comes back in sRGB, as screens show it.']);
});

test('files that are saved together have names of their own, on every system', () => {
  expect(unlikeEachOther(['a.png', 'A.png', 'a.png', 'b', 'b'])).toEqual([
    'a.png',
    'A (2).png',
    'a (3).png',
    'b',
    'b (2)',
  ]);
});
