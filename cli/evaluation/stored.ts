import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { Cell, Measurements } from './measurements.ts';
import { COLUMNS } from './tasks.ts';

/** JSON has no Infinity, which is the PSNR of what does not differ. */
const decibels = z.union([z.number(), z.null()]);

/** A row per cell: a file of some hundred lines that `git diff` can show. */
const row = z.tuple([
  z.string(), // noise
  z.nullable(z.number()), // level
  z.string(), // set
  z.enum(COLUMNS),
  z.union([z.enum(['known', 'auto', 'blind', 'best']), z.number()]), // told
  z.nullable(z.enum(['f16', 'q8'])), // precision
  z.int(), // images
  decibels, // noisy
  decibels, // psnr
  z.number(), // ssim
  z.nullable(z.number()), // sigma
  z.int(), // untouched
  z.number(), // seconds
]);
type Row = z.infer<typeof row>;

/** The order of a row's values, for whoever opens the file. */
const NAMES = 'noise, level, set, column, told, precision, images, noisy, psnr, ssim, sigma, untouched, seconds';

const document = z.strictObject({
  format: z.literal(1),
  row: z.literal(NAMES),
  models: z.record(
    z.string(),
    z.strictObject({
      version: z.string(),
      speed: z.nullable(z.strictObject({ millisecondsPerMegapixel: z.number(), machine: z.string() })),
      cells: z.array(row),
    }),
  ),
});

/** @throws where the file is damaged; a missing one holds nothing. */
export async function loadMeasurements(file: string): Promise<Measurements> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw failure;
  }
  return Object.fromEntries(
    Object.entries(document.parse(JSON.parse(text)).models).map(([id, { speed, cells, ...rest }]) => [
      id,
      { ...rest, speed: speed ?? undefined, cells: cells.map(fromRow) },
    ]),
  );
}

/** All or nothing, and on what another run may have stored meanwhile. */
export async function changeMeasurements(
  file: string,
  change: (stored: Measurements) => Measurements,
): Promise<Measurements> {
  const changed = change(await loadMeasurements(file));
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, format(changed));
  await rename(unfinished, file);
  return changed;
}

function format(measurements: Measurements): string {
  const ids = Object.keys(measurements).sort();
  const models = ids.map((id) => {
    const { version, speed, cells } = measurements[id] as Measurements[string];
    const spaced = (values: readonly unknown[]) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
    const rows = cells.map((cell) => spaced(toRow(cell)));
    return [
      `    ${JSON.stringify(id)}: {`,
      `      "version": ${JSON.stringify(version)},`,
      `      "speed": ${(JSON.stringify(speed, null, 2) ?? 'null').replaceAll('\n', '\n      ')},`,
      `      "cells": ${block(rows)}`,
      '    }',
    ].join('\n');
  });
  const body = models.length === 0 ? '{}' : `{\n${models.join(',\n')}\n  }`;
  return `{\n  "format": 1,\n  "row": ${JSON.stringify(NAMES)},\n  "models": ${body}\n}\n`;
}

/** A line each, but for a single one that fits beside its name: as the formatter has it, which checks this file, too. */
function block(rows: readonly string[]): string {
  const beside = `[${rows.join()}]`;
  if (rows.length < 2 && beside.length <= 105) return beside;
  return `[\n${rows.map((row) => `        ${row}`).join(',\n')}\n      ]`;
}

function toRow(cell: Cell): Row {
  const { noise, level, set, column, told, precision, images, noisy, psnr, ssim, sigma, untouched, seconds } = cell;
  const quality = [rounded(noisy, 3), rounded(psnr, 4), rounded(ssim, 5) as number] as const;
  const about = [rounded(sigma, 2), untouched, rounded(seconds, 1) as number] as const;
  return [noise, level ?? null, set, column, told, precision ?? null, images, ...quality, ...about];
}

function fromRow(values: Row): Cell {
  const [noise, level, set, column, told, precision, images, noisy, psnr, ssim, sigma, untouched, seconds] = values;
  const task = { noise, level: level ?? undefined, set, column, told, precision: precision ?? undefined };
  const quality = { noisy: noisy ?? Number.POSITIVE_INFINITY, psnr: psnr ?? Number.POSITIVE_INFINITY, ssim };
  return { ...task, images, ...quality, sigma: sigma ?? undefined, untouched, seconds };
}

const rounded = (value: number | undefined, digits: number) =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toFixed(digits));
