import { expect, test } from 'vitest';
import { accepted } from '../../../worker/http/accept.ts';

const offer = ['image/png', 'image/jpeg'] as const;
const [png, jpeg] = offer;

test.each([
  [undefined, [png, jpeg]],
  ['', [png, jpeg]],
  ['*/*', [png, jpeg]],
  ['image/*', [png, jpeg]],
  ['image/jpeg', [jpeg]],
  ['IMAGE/JPEG', [jpeg]],
  ['image/jpeg, image/png', [png, jpeg]],
  ['image/png;q=0.2, image/jpeg;q=0.3', [jpeg, png]],
  ['image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5', [png, jpeg]],
  ['image/*;q=0.8, image/png;q=0.1', [jpeg, png]],
  ['*/*, image/png;q=0', [jpeg]],
  ['*/*;q=0.1, image/*;q=0', []],
  ['text/html', []],
  ['nonsense', []],
  ['image/png;q=2', []],
  ['image/png;q=x, image/jpeg', [jpeg]],
  [',,image/png,', [png]],
  ['image/jpeg; charset=utf-8; q=0.5, */*;q=0.4', [jpeg, png]],
] as const)('Accept: %s', (accept, expected) => {
  expect(accepted(accept, offer)).toEqual(expected);
});
