/** The filters of PNG rows after 0, none: differences to the left, above, their mean, and Paeth's pick of the three. */
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
  const tries = Array.from({ length: PAETH + 1 }, () => new Uint8Array(bytes)) as Tries;
  const nothing = new Uint8Array(bytes);
  for (let y = 0; y < height; y++) {
    const row = samples.subarray(y * bytes, (y + 1) * bytes);
    const above = y > 0 ? samples.subarray((y - 1) * bytes, y * bytes) : nothing;
    const sums = tryFilters(row, above, step, tries);
    const best = sums.indexOf(Math.min(...sums));
    filtered[y * (bytes + 1)] = best;
    filtered.set(tries[best] as Uint8Array, y * (bytes + 1) + 1);
  }
  return filtered;
}

type Tries = [none: Uint8Array, sub: Uint8Array, up: Uint8Array, average: Uint8Array, paeth: Uint8Array];

/** Byte after byte for all filters: a photograph has 10^8 of them. Returns each filter's sum of magnitudes. */
function tryFilters(row: Uint8Array, above: Uint8Array, step: number, [none, sub, up, average, best]: Tries): number[] {
  let [inNone, inSub, inUp, inAverage, inPaeth] = [0, 0, 0, 0, 0];
  none.set(row);
  for (let i = 0; i < row.length; i++) {
    const here = row[i] as number;
    const top = above[i] as number;
    const left = i >= step ? (row[i - step] as number) : 0;
    const corner = i >= step ? (above[i - step] as number) : 0;
    const bySub = (here - left) & 0xff;
    const byUp = (here - top) & 0xff;
    const byAverage = (here - ((left + top) >> 1)) & 0xff;
    const byPaeth = (here - paeth(left, top, corner)) & 0xff;
    sub[i] = bySub;
    up[i] = byUp;
    average[i] = byAverage;
    best[i] = byPaeth;
    inNone += magnitude(here);
    inSub += magnitude(bySub);
    inUp += magnitude(byUp);
    inAverage += magnitude(byAverage);
    inPaeth += magnitude(byPaeth);
  }
  return [inNone, inSub, inUp, inAverage, inPaeth];
}

/** Of a byte read as signed. */
const magnitude = (byte: number) => (byte < 128 ? byte : 256 - byte);

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
