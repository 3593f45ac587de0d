/** What no engine can pass on this machine. */
export interface Peaks {
  /** 1e9 floating point operations per second. */
  readonly gflops: number;
  /** 1e9 bytes per second; what is not known bounds nothing. */
  readonly gbps?: number;
}

/** What a layer, or several, must compute and move, per megapixel. */
export interface Work {
  /** 1e9 floating point operations. */
  readonly gflop: number;
  /** 1e6 bytes. */
  readonly megabytes: number;
}

/**
 * The roofline: ms per megapixel that layers run one after the other must take at least, each of them the longer of its
 * arithmetic and its memory (Williams et al., "Roofline", 2009).
 */
export function leastMs(layers: readonly Work[], { gflops, gbps = Number.POSITIVE_INFINITY }: Peaks): number {
  return layers.reduce((sum, { gflop, megabytes }) => sum + Math.max((gflop / gflops) * 1000, megabytes / gbps), 0);
}
