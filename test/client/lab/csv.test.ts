import { expect, test } from 'vitest';
import { toCsv } from '../../../client/lab/csv.ts';

test('rows as RFC 4180 has them: quotes where they must be, nothing for numbers that are none', () => {
  const rows = [
    ['a "b", c', 1.5, Number.NaN],
    ['plain', -2, Number.POSITIVE_INFINITY],
  ];
  expect(toCsv(['name', 'psnr_db', 'ssim'], rows)).toBe('name,psnr_db,ssim\r\n"a ""b"", c",1.5,\r\nplain,-2,\r\n');
});
