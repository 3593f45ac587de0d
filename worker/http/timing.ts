/**
 * Laps in ms. Where degrain is deployed the clock stands still while a request computes (a defence against timing
 * attacks), so that only waiting shows there.
 */
export function stopwatch() {
  const laps: Record<string, number> = {};
  let last = performance.now();
  return Object.assign(
    (name: string) => {
      const now = performance.now();
      laps[name] = now - last;
      last = now;
    },
    { laps },
  );
}

/** The Server-Timing header, which browsers show in their network panel. */
export function serverTiming(laps: Record<string, number>): string {
  return Object.entries(laps)
    .map(([name, milliseconds]) => `${name};dur=${milliseconds.toFixed(1)}`)
    .join(', ');
}
