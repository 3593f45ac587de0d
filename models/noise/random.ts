/**
 * Seeded uniform random numbers: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, a period of about 2^127.
 * The same seed gives the same sequence on every machine: integer arithmetic only.
 */
export function sfc32(seed: number): () => number {
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32; // 0 <= value < 1
  };
  // The author's seeding: twelve rounds until every bit of the seed has reached every bit of the state.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** Uniform numbers 0..1 (1 only by rounding to 32 bits); a shorter array is the start of a longer one. */
export function uniformNoise(length: number, seed: number): Float32Array {
  const uniform = sfc32(seed);
  return Float32Array.from({ length }, uniform);
}
