import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ATTRIBUTES } from '../../client/widget/attribute-names.ts';
import { ENGLISH } from '../../client/widget/labels.ts';
import { root } from '../paths.ts';

test('every word and every attribute of the element is documented', async () => {
  const text = await readFile(`${root}docs/embedding.md`, 'utf8');
  const names = [...Object.keys(ENGLISH), ...Object.keys(ATTRIBUTES)];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
