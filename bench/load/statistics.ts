/** The value below which a part (0 to 1) of the numbers lies. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (numbers: readonly number[]) => quantile(numbers, 0.5);

/** `a–b`: the least and the greatest. */
export const spread = (numbers: readonly number[], digits = 0) =>
  `${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)}`;

/** The percentiles that all tables have. */
export const percentiles = (ms: readonly number[]) => [0.5, 0.95, 0.99].map((part) => quantile(ms, part).toFixed(1));
