import type { Plane } from '../planes.ts';
import type { Transform } from './transforms.ts';

/**
 * The 2D transforms of all blocks of a plane, of a band of rows at a time: neighbouring reference blocks ask for mostly
 * the same ones, and rows of eight pixels are transformed once for all the blocks that share them.
 */
export class BlockSpectra {
  /** [band,columns,block,block]: row y of blocks is at y % band. */
  readonly data: Float32Array;
  readonly columns: number;
  readonly #plane: Plane;
  readonly #transform: Transform;
  readonly #band: number;
  /** [block,columns,block]: transformed along x only; pixel row y is at y % block. */
  readonly #half: Float32Array;
  readonly #column: Float64Array;
  #nextPixels = 0;
  #nextBlocks = 0;

  constructor(plane: Plane, transform: Transform, band: number) {
    const { size } = transform;
    this.#plane = plane;
    this.#transform = transform;
    this.#band = band;
    this.columns = plane.width - size + 1;
    this.data = new Float32Array(band * this.columns * size * size);
    this.#half = new Float32Array(size * this.columns * size);
    this.#column = new Float64Array(size);
  }

  /** Makes ready the rows of blocks up to `last`; those of a band before it stay. */
  advance(last: number): void {
    const { size } = this.#transform;
    const end = Math.min(last, this.#plane.height - size);
    for (; this.#nextBlocks <= end; this.#nextBlocks++) {
      while (this.#nextPixels < this.#nextBlocks + size) this.#transformPixels(this.#nextPixels++);
      this.#transformBlocks(this.#nextBlocks);
    }
  }

  /** Where the block at a position starts in `data`. */
  offset(x: number, y: number): number {
    const { size } = this.#transform;
    return ((y % this.#band) * this.columns + x) * size * size;
  }

  #transformPixels(y: number): void {
    const { size, forward } = this.#transform;
    const { data, width } = this.#plane;
    const half = this.#half;
    let to = (y % size) * this.columns * size;
    for (let from = y * width; from < y * width + this.columns; from++) {
      for (let k = 0; k < forward.length; k += size, to++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += (forward[k + i] as number) * (data[from + i] as number);
        half[to] = sum;
      }
    }
  }

  #transformBlocks(y: number): void {
    const { size, forward } = this.#transform;
    const { data, columns } = this;
    const half = this.#half;
    const column = this.#column;
    const pixelRow = columns * size;
    for (let x = 0, block = this.offset(0, y); x < columns; x++, block += size * size) {
      for (let u = 0; u < size; u++) {
        for (let i = 0, row = y % size; i < size; i++) {
          column[i] = half[row * pixelRow + x * size + u] as number;
          row = row + 1 === size ? 0 : row + 1;
        }
        for (let k = 0, to = block + u; k < forward.length; k += size, to += size) {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += (forward[k + i] as number) * (column[i] as number);
          data[to] = sum;
        }
      }
    }
  }
}
