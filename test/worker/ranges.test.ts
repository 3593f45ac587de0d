import { expect, test } from 'vitest';
import { isUnchanged, requestedRange } from '../../worker/http/ranges.ts';

const ETAG = '"abc"';

test.each([
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ['*', true],
  ['"ab"', false],
  ['abc', false],
  ['', false],
])('If-None-Match: %s', (value, unchanged) => {
  expect(isUnchanged(new Headers({ 'if-none-match': value }), ETAG)).toBe(unchanged);
});

test('without If-None-Match nothing is known', () => {
  expect(isUnchanged(new Headers(), ETAG)).toBe(false);
});

/** Of a file of 100 bytes. */
const WHOLE = undefined;
test.each([
  ['bytes=0-9', { offset: 0, length: 10 }],
  ['bytes=90-', { offset: 90, length: 10 }],
  ['bytes=90-999999', { offset: 90, length: 10 }],
  ['bytes=99-99', { offset: 99, length: 1 }],
  ['bytes=-5', { offset: 95, length: 5 }],
  ['bytes=-500', { offset: 0, length: 100 }],
  ['bytes=100-', 'none'],
  ['bytes=100-200', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=5-4', WHOLE],
  ['bytes=0-1,5-6', WHOLE],
  ['bytes=-', WHOLE],
  ['bytes=a-b', WHOLE],
  ['items=0-9', WHOLE],
  ['bytes=0-99999999999999999999', WHOLE],
])('Range: %s', (range, expected) => {
  expect(requestedRange(new Headers({ range }), ETAG, 100)).toEqual(expected);
});

test.each([
  [ETAG, { offset: 0, length: 10 }],
  ['"other"', WHOLE],
  // a weak tag promises the meaning, not the bytes
  ['W/"abc"', WHOLE],
  ['Fri, 20 Nov 2026 12:00:00 GMT', WHOLE],
])('If-Range: %s', (condition, expected) => {
  expect(requestedRange(new Headers({ range: 'bytes=0-9', 'if-range': condition }), ETAG, 100)).toEqual(expected);
});

test('no Range asks for all', () => {
  expect(requestedRange(new Headers(), ETAG, 100)).toBeUndefined();
});
