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
 * Undoes `filterRows`, in place: `filtered` has `height` rows of a filter byte, 0 to 4, and `bytes` more. Returns its
 * start, which then has the rows without it: a large image need not be held twice.
 */
export function unfilterRows(filtered: Uint8Array, height: number, bytes: number, step: number): Uint8Array {
  for (let y = 0, from = 1, to = 0; y < height; y++, from += bytes + 1, to += bytes) {
    // where the row is written nothing is left to be read: it lies before `from`
    const filter = filtered[from - 1] as number;
    filtered.copyWithin(to, from, from + bytes);
    unfilterRow(filter, filtered, to, bytes, y === 0 ? -1 : to - bytes, step);
  }
  return filtered.subarray(0, height * bytes);
}

/** A row at `to`, below one at `above`, or the first one, above which is nothing (-1). */
function unfilterRow(filter: number, row: Uint8Array, to: number, bytes: number, above: number, step: number): void {
  const at = (i: number) => row[i] as number;
  const up = (i: number) => (above < 0 ? 0 : at(above + i));
  if (filter === SUB) {
    for (let i = step; i < bytes; i++) row[to + i] = at(to + i) + at(to + i - step);
  } else if (filter === UP) {
    for (let i = 0; above >= 0 && i < bytes; i++) row[to + i] = at(to + i) + at(above + i);
  } else if (filter === AVERAGE) {
    for (let i = 0; i < bytes; i++) {
      const left = i >= step ? at(to + i - step) : 0;
      row[to + i] = at(to + i) + ((left + up(i)) >> 1);
    }
  } else if (filter === PAETH) {
    for (let i = 0; i < bytes; i++) {
      const left = i >= step ? at(to + i - step) : 0;
      const corner = i >= step ? up(i - step) : 0;
      row[to + i] = at(to + i) + paeth(left, up(i), corner);
    }
  }
}
