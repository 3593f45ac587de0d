import { describe, expect, test } from 'vitest';
import { duration, Progress, type Screen } from '../../cli/progress.ts';

function screen(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  const target: Screen = { isTTY, columns, write: (text) => written.push(text) };
  return { target, written };
}

/** Cells that a line takes. */
const shown = (written: string[]) => written.join('').replaceAll('\r', '').replaceAll('\x1b[K', '').length;

describe('on a terminal', () => {
  test('a bar shows how far it is, and how long it will take', () => {
    const { target, written } = screen(true);
    let clock = 0;
    const progress = new Progress(4, 'images', target, () => clock);
    clock = 10_000;
    progress.show(1, 'a.png');
    expect(written.join('')).toContain(`[${'#'.repeat(6)}${'.'.repeat(18)}] 1/4 images  30 s left  a.png`);
    clock = 15_000;
    progress.show(1.5, 'b.png');
    expect(written.at(-1)).toContain('1/4 images  25 s left  b.png');
  });

  test('fits one line, also where the terminal does not tell its width', () => {
    const narrow = screen(true, 30);
    new Progress(4, 'images', narrow.target, () => 0).show(1, 'x'.repeat(200));
    expect(shown(narrow.written)).toBe(29);
    const unknown = screen(true, 0);
    new Progress(4, 'images', unknown.target, () => 0).show(1, 'x'.repeat(200));
    expect(shown(unknown.written)).toBe(79);
  });

  test('is not redrawn more often than anyone can see', () => {
    const { target, written } = screen(true);
    let clock = 0;
    const progress = new Progress(1000, 'images', target, () => clock);
    for (; clock < 1000; clock++) progress.show(clock, '');
    expect(written.length).toBe(10);
  });

  test('lines that stay replace the bar', () => {
    const { target, written } = screen(true);
    const progress = new Progress(4, 'images', target, () => 0);
    progress.show(1, 'a.png');
    progress.say('a.png: failed');
    expect(written.slice(1).join('')).toBe('\r\x1b[Ka.png: failed\n');
  });
});

test('elsewhere there is no bar, only lines', () => {
  const { target, written } = screen(false);
  const progress = new Progress(4, 'images', target, () => 0);
  progress.show(1, 'a.png');
  progress.clear();
  progress.say('a.png: done');
  expect(written).toEqual(['a.png: done\n']);
});

test.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [59_500, '1:00'],
  [605_000, '10:05'],
  [7_384_000, '2:03:04'],
])('%d ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
