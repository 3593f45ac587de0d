/** For each reference the nearest blocks so far, by distance; of equally near ones the first that came. */
export class NearestBlocks {
  /** [references,size], the nearest first. */
  readonly blocks: Int32Array;
  /** [references]: only what is nearer is worth inserting. */
  readonly #worst: Float64Array;
  readonly #distances: Int32Array;
  readonly #counts: Uint8Array;
  readonly #size: number;

  /** @param limit blocks are so far away at most */
  constructor(references: number, size: number, limit: number) {
    this.#size = size;
    this.blocks = new Int32Array(references * size);
    this.#distances = new Int32Array(references * size);
    this.#counts = new Uint8Array(references);
    this.#worst = new Float64Array(references).fill(limit);
  }

  /**
   * To the references `from` .. `until` of a row of `columns`, of which the first is `row`: the blocks at `origin` + x,
   * where x is the reference's column shifted by `shift`, at distances[x].
   */
  offer(
    row: number,
    columns: Int32Array,
    from: number,
    until: number,
    shift: number,
    distances: Int32Array,
    origin: number,
  ): void {
    for (let column = from; column < until; column++) {
      const x = (columns[column] as number) + shift;
      const distance = distances[x] as number;
      if (distance < (this.#worst[row + column] as number)) this.insert(row + column, distance, origin + x);
    }
  }

  insert(reference: number, distance: number, block: number): void {
    const size = this.#size;
    const distances = this.#distances;
    const blocks = this.blocks;
    const first = reference * size;
    const count = this.#counts[reference] as number;
    let at = first + (count < size ? count : size - 1);
    for (; at > first && (distances[at - 1] as number) > distance; at--) {
      distances[at] = distances[at - 1] as number;
      blocks[at] = blocks[at - 1] as number;
    }
    distances[at] = distance;
    blocks[at] = block;
    if (count < size) this.#counts[reference] = count + 1;
    if (count >= size - 1) {
      this.#worst[reference] = Math.min(this.#worst[reference] as number, distances[first + size - 1] as number);
    }
  }

  /** [references]: how many blocks were found, rounded down to what the Haar transform takes. */
  powersOfTwo(): Uint8Array {
    return this.#counts.map((count) => 2 ** (31 - Math.clz32(count)));
  }
}
