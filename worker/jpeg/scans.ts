import type { Refuse } from '../../models/files/jpeg/segments.ts';
import type { Frame } from './frame.ts';

/** A scan's header: which components it brings, and which part of their coefficients. */
interface Scan {
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** First and last coefficient, in zigzag order. */
  readonly from: number;
  readonly to: number;
  /** Bits that came before, and bits that are still to come. */
  readonly before: number;
  readonly after: number;
}

const MAX_COEFFICIENT = 63;
const MAX_SHIFT = 13;

/**
 * Scans of a progressive image. Encoders make about ten; each makes a decoder go through the whole image once more,
 * and takes few bytes to ask for that.
 */
export const MAX_SCANS = 64;

/** Follows the scans of one image. */
export class ScanGuard {
  readonly #frame: Frame;
  readonly #codes: ReadonlySet<number>;
  readonly #refuse: Refuse;
  /** Components whose image has begun. */
  readonly #begun = new Set<number>();
  #count = 0;

  constructor(frame: Frame, codes: ReadonlySet<number>, refuse: Refuse) {
    this.#frame = frame;
    this.#codes = codes;
    this.#refuse = refuse;
  }

  /** Checks SOS against all that came before. Returns the components that begin here, by their place in the frame. */
  begin(data: Uint8Array): number[] {
    if (++this.#count > MAX_SCANS) this.#refuse(`at most ${MAX_SCANS} scans`, 'more');
    const scan = this.#read(data);
    const { progressive } = this.#frame;
    const sound = progressive ? this.#isProgressive(scan) : isWhole(scan);
    if (!sound) this.#refuse('scans in the order of the standard', `coefficients ${scan.from} to ${scan.to}`);
    this.#checkCodes(scan);
    const first = scan.from === 0 && scan.before === 0 ? scan.components.map(({ index }) => index) : [];
    if (first.some((index) => this.#begun.has(index))) this.#refuse('each component once', 'one that came before');
    for (const index of first) this.#begun.add(index);
    if (scan.components.some(({ index }) => !this.#begun.has(index))) {
      this.#refuse('the first coefficient before the others', 'others');
    }
    return first;
  }

  get isComplete(): boolean {
    return this.#begun.size === this.#frame.components.length;
  }

  #read(data: Uint8Array): Scan {
    const count = data[0] as number;
    const { components } = this.#frame;
    if (data.length !== 4 + 2 * count || count < 1 || count > components.length) {
      this.#refuse(`a scan of 1 to ${components.length} components`, `${count} in ${data.length} bytes`);
    }
    const chosen = Array.from({ length: count }, (_, i) => {
      const [id, tables] = data.subarray(1 + 2 * i) as unknown as [number, number];
      return { index: components.findIndex((component) => component.id === id), dc: tables >> 4, ac: tables & 15 };
    });
    const inOrder = chosen.every(({ index }, i) => index > (chosen[i - 1]?.index ?? -1));
    if (!inOrder) this.#refuse("the frame's components, in its order", 'others');
    const [from, to, shifts] = data.subarray(1 + 2 * count) as unknown as [number, number, number];
    return { components: chosen, from, to, before: shifts >> 4, after: shifts & 15 };
  }

  #isProgressive({ components, from, to, before, after }: Scan): boolean {
    if (after > MAX_SHIFT || (before !== 0 && before !== after + 1)) return false;
    return from === 0 ? to === 0 : components.length === 1 && to >= from && to <= MAX_COEFFICIENT;
  }

  /** A decoder would take a table that is not there for a fault of its own. */
  #checkCodes({ components, from, to, before }: Scan): void {
    for (const { dc, ac } of components) {
      const wanted = [...(from === 0 && before === 0 ? [dc] : []), ...(to > 0 ? [16 + ac] : [])];
      const missing = wanted.find((table) => !this.#codes.has(table));
      if (missing !== undefined) this.#refuse('Huffman tables before the scans that use them', `none of ${missing}`);
    }
  }
}

const isWhole = ({ from, to, before, after }: Scan) =>
  from === 0 && to === MAX_COEFFICIENT && before === 0 && after === 0;
