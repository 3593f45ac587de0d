import type { Plane } from '../planes.ts';
import { KAISER_BETA } from './profiles.ts';
import { kaiser, type Transform } from './transforms.ts';

/**
 * The weighted mean of all estimates of each pixel. Estimates of one block from different groups are summed as spectra,
 * so that each block is transformed back once, and rows that blocks share are too; the Kaiser window that fades blocks
 * out is part of the inverse transform. Like the spectra it holds one band of rows at a time.
 */
export class Aggregation {
  readonly columns: number;
  readonly #width: number;
  readonly #height: number;
  readonly #size: number;
  readonly #band: number;
  /** [size,size]: the inverse transform, windowed. */
  readonly #inverse: Float64Array;
  readonly #window: Float64Array;
  /** [band,columns,size,size] and [band,columns]: weighted spectra, and weights, of blocks; row y is at y % band. */
  readonly #spectra: Float32Array;
  readonly #weights: Float32Array;
  /** [size,columns,size] and [size,columns]: of pixel rows, still to be transformed along x; row y is at y % size. */
  readonly #half: Float32Array;
  readonly #halfWeights: Float32Array;
  readonly #rowWeights: Float64Array;
  readonly #column: Float64Array;
  readonly #sums: Float32Array;
  #next = 0;

  constructor(width: number, height: number, transform: Transform, band: number) {
    const { size, inverse } = transform;
    this.#width = width;
    this.#height = height;
    this.#size = size;
    this.#band = band;
    this.columns = width - size + 1;
    this.#window = kaiser(size, KAISER_BETA);
    this.#inverse = inverse.map((value, i) => value * (this.#window[Math.floor(i / size)] as number));
    this.#spectra = new Float32Array(band * this.columns * size * size);
    this.#weights = new Float32Array(band * this.columns);
    this.#half = new Float32Array(size * this.columns * size);
    this.#halfWeights = new Float32Array(size * this.columns);
    this.#rowWeights = new Float64Array(width);
    this.#column = new Float64Array(size);
    this.#sums = new Float32Array(width * height);
  }

  /** Adds the estimate of the block at a position: its spectrum is `values` from `from` on. */
  add(x: number, y: number, values: Float32Array, from: number, weight: number): void {
    const spectra = this.#spectra;
    const block = (y % this.#band) * this.columns + x;
    const area = this.#size * this.#size;
    for (let i = 0, to = block * area; i < area; i++, to++) {
      spectra[to] = (spectra[to] as number) + weight * (values[from + i] as number);
    }
    this.#weights[block] = (this.#weights[block] as number) + weight;
  }

  /** Finishes the rows above `end`: no block up there may be added any more. */
  finishAbove(end: number): void {
    for (; this.#next < Math.min(end, this.#height); this.#next++) {
      if (this.#next <= this.#height - this.#size) this.#spreadDown(this.#next);
      this.#finishRow(this.#next);
    }
  }

  result(): Plane {
    this.finishAbove(this.#height);
    return { data: this.#sums, width: this.#width, height: this.#height };
  }

  /** Transforms a row of blocks back along y, on to the pixel rows that it covers. */
  #spreadDown(y: number): void {
    const size = this.#size;
    const area = size * size;
    const { columns } = this;
    const [spectra, weights, half, halfWeights] = [this.#spectra, this.#weights, this.#half, this.#halfWeights];
    const [inverse, column] = [this.#inverse, this.#column];
    const firstBlock = (y % this.#band) * columns;
    for (let x = 0; x < columns; x++) {
      const weight = weights[firstBlock + x] as number;
      if (weight === 0) continue;
      const from = (firstBlock + x) * area;
      for (let u = 0; u < size; u++) {
        for (let v = 0; v < size; v++) column[v] = spectra[from + v * size + u] as number;
        for (let i = 0, row = y % size; i < size; i++) {
          let sum = 0;
          for (let v = 0; v < size; v++) sum += (inverse[i * size + v] as number) * (column[v] as number);
          const to = (row * columns + x) * size + u;
          half[to] = (half[to] as number) + sum;
          row = row + 1 === size ? 0 : row + 1;
        }
      }
      for (let i = 0; i < size; i++) {
        const to = ((y + i) % size) * columns + x;
        halfWeights[to] = (halfWeights[to] as number) + weight * (this.#window[i] as number);
      }
    }
    spectra.fill(0, firstBlock * area, (firstBlock + columns) * area);
    weights.fill(0, firstBlock, firstBlock + columns);
  }

  /** Transforms a pixel row back along x, and divides by the weights. */
  #finishRow(y: number): void {
    const size = this.#size;
    const { columns } = this;
    const [half, halfWeights, inverse, window] = [this.#half, this.#halfWeights, this.#inverse, this.#window];
    const sums = this.#sums;
    const rowWeights = this.#rowWeights.fill(0);
    const first = (y % size) * columns;
    const start = y * this.#width;
    for (let x = 0; x < columns; x++) {
      const weight = halfWeights[first + x] as number;
      if (weight === 0) continue;
      const from = (first + x) * size;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let u = 0; u < size; u++) sum += (inverse[i * size + u] as number) * (half[from + u] as number);
        const to = start + x + i;
        sums[to] = (sums[to] as number) + sum;
        rowWeights[x + i] = (rowWeights[x + i] as number) + weight * (window[i] as number);
      }
    }
    for (let x = 0; x < this.#width; x++) {
      sums[start + x] = (sums[start + x] as number) / (rowWeights[x] as number);
    }
    half.fill(0, first * size, (first + columns) * size);
    halfWeights.fill(0, first, first + columns);
  }
}
