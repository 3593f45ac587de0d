/** The five filters of PNG rows: differences to the left, above, their mean, and Paeth's pick of the three. */
const NONE = 0;
const SUB = 1;
const UP = 2;
const AVERAGE = 3;
const PAETH = 4;

function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

/**
 * Filters rows for compression: for each row the filter whose differences have the smallest sum of magnitudes, the
 * choice that the standard recommends. `samples` has `height` rows of `bytes`; the result a filter byte more per row.
 */
export function filterRows(samples: Uint8Array, height: number, bytes: number, step: number): Uint8Array<ArrayBuffer> {
  const filtered = new Uint8Array(height * (bytes + 1));
  const tries = Array.from({ length: PAETH + 1 }, () => new Uint8Array(bytes));
  const nothing = new Uint8Array(bytes);
  for (let y = 0; y < height; y++) {
    const row = samples.subarray(y * bytes, (y + 1) * bytes);
    const above = y > 0 ? samples.subarray((y - 1) * bytes, y * bytes) : nothing;
    let best = NONE;
    let smallest = Number.POSITIVE_INFINITY;
    for (let filter = NONE; filter <= PAETH; filter++) {
      const sum = filterRow(filter, row, above, step, tries[filter] as Uint8Array);
      if (sum < smallest) {
        smallest = sum;
        best = filter;
      }
    }
    filtered[y * (bytes + 1)] = best;
    filtered.set(tries[best] as Uint8Array, y * (bytes + 1) + 1);
  }
  return filtered;
}

/** Returns the sum of the differences' magnitudes, each byte read as signed. */
function filterRow(filter: number, row: Uint8Array, above: Uint8Array, step: number, out: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const left = i >= step ? (row[i - step] as number) : 0;
    const up = above[i] as number;
    let guess = 0;
    if (filter === SUB) guess = left;
    else if (filter === UP) guess = up;
    else if (filter === AVERAGE) guess = (left + up) >> 1;
    else if (filter === PAETH) guess = paeth(left, up, i >= step ? (above[i - step] as number) : 0);
    const difference = ((row[i] as number) - guess) & 0xff;
    out[i] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}

/**
 * Undoes `filterRows`: `filtered` has `height` rows of a filter byte, 0 to 4, and `bytes` more; the result has them
 * without it.
 */
export function unfilterRows(filtered: Uint8Array, height: number, bytes: number, step: number): Uint8Array {
  const samples = new Uint8Array(height * bytes);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (bytes + 1)];
    const from = y * (bytes + 1) + 1;
    const to = y * bytes;
    for (let i = 0; i < bytes; i++) {
      const left = i >= step ? (samples[to + i - step] as number) : 0;
      const above = y > 0 ? (samples[to + i - bytes] as number) : 0;
      const corner = i >= step && y > 0 ? (samples[to + i - bytes - step] as number) : 0;
      let guess = 0;
      if (filter === SUB) guess = left;
      else if (filter === UP) guess = above;
      else if (filter === AVERAGE) guess = (left + above) >> 1;
      else if (filter === PAETH) guess = paeth(left, above, corner);
      samples[to + i] = (filtered[from + i] as number) + guess;
    }
  }
  return samples;
}
