/** Round numbers from `lowest` to `highest`, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(lowest: number, highest: number, count: number): number[] {
  const span = highest - lowest;
  if (!(span > 0)) return [lowest];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * ([1, 2, 5].find((factor) => span / (power * factor) <= count) ?? 10);
  const first = Math.ceil(lowest / step - 1e-9);
  const last = Math.floor(highest / step + 1e-9);
  // not added up: 0.1 + 0.2 is no round number
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
