import type { Refuse } from '../../models/files/jpeg/segments.ts';

/** Quantisation steps in zigzag order, by the number of the table. */
export type StepTables = Map<number, Uint16Array>;

export const STEPS = 64;
const TABLES = 4;

/** Adds the tables of a DQT segment. */
export function readSteps(data: Uint8Array, tables: StepTables, refuse: Refuse): void {
  for (let at = 0; at < data.length; ) {
    const [number, wide] = [(data[at] as number) & 15, (data[at] as number) >> 4];
    const size = wide ? 2 : 1;
    at++;
    if (number >= TABLES || wide > 1 || at + STEPS * size > data.length) {
      refuse(`quantisation tables 0 to 3 of ${STEPS} steps`, `table ${number} in ${data.length} bytes`);
    }
    const steps = Uint16Array.from({ length: STEPS }, (_, i) => {
      const first = data[at + i * size] as number;
      return wide ? (first << 8) | (data[at + 2 * i + 1] as number) : first;
    });
    if (steps.includes(0)) refuse('quantisation steps of 1 or more', '0');
    tables.set(number, steps);
    at += STEPS * size;
  }
}

const LENGTHS = 16;
const MAX_CODES = 256;

/** Adds the names of a DHT segment's tables: 0 to 3 for DC, 16 to 19 for AC. */
export function readCodes(data: Uint8Array, tables: Set<number>, refuse: Refuse): void {
  for (let at = 0; at < data.length; ) {
    const name = data[at] as number;
    const counts = data.subarray(at + 1, at + 1 + LENGTHS);
    const codes = counts.reduce((sum, count) => sum + count, 0);
    at += 1 + LENGTHS + codes;
    if ((name & 0xe0) !== 0 || (name & 15) >= TABLES || codes > MAX_CODES || at > data.length) {
      refuse('Huffman tables 0 to 3 of up to 256 codes', `table ${name} of ${codes} in ${data.length} bytes`);
    }
    // every code takes its share of all that its length could name; the share of all-ones stays free
    const taken = counts.reduce((sum, count, length) => sum + count / 2 ** (length + 1), 0);
    if (taken > 1) refuse('Huffman codes that can be told apart', 'more than fit');
    tables.add(name);
  }
}
