import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCell, type Measurements, withCell, withSpeed } from '../../cli/evaluation/measurements.ts';
import { changeMeasurements, loadMeasurements } from '../../cli/evaluation/stored.ts';
import { root } from '../paths.ts';
import { cellWith } from './evaluate-cells.ts';
import { temporaryFolder } from './run.ts';

const fast = { id: 'fast', version: '1.0.0' };
const bm3d = { id: 'bm3d', version: '2.1.0' };
const speed = { millisecondsPerMegapixel: 2600, machine: '2 cores' };

const cells = [
  cellWith({ level: 15 }),
  cellWith({ level: 5, told: 'auto' }),
  cellWith({ noise: 'none', level: undefined, psnr: Number.POSITIVE_INFINITY, noisy: Number.POSITIVE_INFINITY }),
  cellWith({ noise: 'real', level: undefined, told: 40, column: '8-bit' }),
];

/** What `npm run format` would make of it. */
function formatted(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['node_modules/@biomejs/biome/bin/biome', 'format', '--stdin-file-path=measurements.json'];
    const child = execFile(process.execPath, args, { cwd: root }, (failure, stdout) =>
      failure ? reject(failure) : resolve(stdout),
    );
    child.stdin?.end(text);
  });
}

const file = async () => join(await temporaryFolder(), 'results', 'measurements.json');

describe('what is known', () => {
  test('is replaced by the same task, measured again', () => {
    const once = withCell({}, fast, cellWith({ psnr: 30 }));
    const twice = withCell(withCell(once, fast, cellWith({ psnr: 31 })), fast, cellWith({ level: 50, psnr: 28 }));
    expect(twice.fast?.cells.map(({ level, psnr }) => [level, psnr])).toEqual([
      [25, 31],
      [50, 28],
    ]);
  });

  test('of a version goes with its first successor', () => {
    const old = withSpeed(withCell(withCell({}, fast, cellWith({})), bm3d, cellWith({})), fast, speed);
    const next = withCell(old, { id: 'fast', version: '1.1.0' }, cellWith({ level: 50 }));
    expect(next.fast).toMatchObject({ version: '1.1.0', speed: undefined, cells: [{ level: 50 }] });
    expect(next.bm3d).toEqual(old.bm3d);
  });

  test.each([
    { set: 'Set12' },
    { noise: 'poisson' },
    { level: 15 },
    { column: '8-bit' },
    { told: 'auto' },
    { told: 25 },
    { precision: 'q8' },
    { precision: undefined },
  ] as const)('is not mistaken for another task: %j', (difference) => {
    const { cells } = withCell({}, fast, cellWith(difference)).fast as Measurements[string];
    expect(findCell(cells, cellWith({}))).toBeUndefined();
    expect(findCell(cells, cellWith(difference))).toEqual(cellWith(difference));
  });
});

describe('the file', () => {
  test('keeps everything, and is the same in whatever order it was written', async () => {
    const [there, here] = [await file(), await file()];
    for (const cell of cells) await changeMeasurements(there, (stored) => withCell(stored, fast, cell));
    await changeMeasurements(there, (stored) => withSpeed(stored, bm3d, speed));
    await changeMeasurements(here, (stored) => withSpeed(stored, bm3d, speed));
    for (const cell of [...cells].reverse()) await changeMeasurements(here, (stored) => withCell(stored, fast, cell));
    expect(await readFile(here, 'utf8')).toBe(await readFile(there, 'utf8'));
    const loaded = await loadMeasurements(there);
    expect(Object.keys(loaded)).toEqual(['bm3d', 'fast']);
    for (const cell of cells) expect(findCell(loaded.fast?.cells ?? [], cell)).toEqual(cell);
    expect(loaded.bm3d).toEqual({ version: '2.1.0', speed, cells: [] });
  });

  test('has a line per cell', async () => {
    const path = await file();
    for (const cell of cells) await changeMeasurements(path, (stored) => withCell(stored, fast, cell));
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toContain('        ["white", 15, "CBSD68", "float", "known", "f16", 68, 20.17, 31.5, 0.9, 25, 0, 4]');
    expect(lines).toContain(
      '        ["none", null, "CBSD68", "float", "known", "f16", 68, null, null, 0.9, 25, 0, 4],',
    );
  });

  test('is as the formatter wants it, however much it holds', async () => {
    const path = await file();
    const long = cellWith({ noise: 'salt-and-pepper', told: 'blind', psnr: 31.1234, ssim: 0.91234, seconds: 12345.6 });
    await changeMeasurements(path, (stored) => withSpeed(stored, bm3d, speed));
    await changeMeasurements(path, (stored) => withCell(stored, fast, cellWith({})));
    await changeMeasurements(path, (stored) => withCell(stored, { ...fast, id: 'long' }, long));
    for (const cell of cells)
      await changeMeasurements(path, (stored) => withCell(stored, { ...fast, id: 'all' }, cell));
    const text = await readFile(path, 'utf8');
    expect(await formatted(text)).toBe(text);
  });

  test('that is missing holds nothing; one that is damaged is neither read nor written over', async () => {
    const path = await file();
    expect(await loadMeasurements(path)).toEqual({});
    await changeMeasurements(path, (stored) => withCell(stored, fast, cellWith({})));
    const damaged = (await readFile(path, 'utf8')).replace('"float"', '"afloat"');
    await writeFile(path, damaged);
    await expect(changeMeasurements(path, () => ({}))).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe(damaged);
  });
});
