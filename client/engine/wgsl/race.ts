/** A faster one must need less than this of the default's time: smaller gains are the measurement's. */
const MARGIN = 0.9;
/** Of the best one's time: what takes longer is not measured again. */
const HOPELESS = 1.25;
const ROUNDS = 5;
/** With fewer a median says little. */
export const LEAST_ROUNDS = 3;
/** ms that measuring may take in all. */
export const BUDGET = 1500;

/**
 * The fastest, or the first where none is clearly faster. They are measured in turns, so that what else the machine does
 * falls on all. One that cannot be measured is out; the first's failure ends it all.
 *
 * @param measure ms of a run
 * @param spent ms that measuring has taken so far
 */
export async function race<Arm>(
  arms: readonly [Arm, ...Arm[]],
  measure: (arm: Arm) => Promise<number>,
  spent: () => number,
): Promise<Arm> {
  const [standard] = arms;
  let running = arms.map((arm) => ({ arm, times: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    if ((spent() / Math.max(round, 1)) * (round + 1) > BUDGET) break;
    for (const { arm, times } of running) {
      try {
        times.push(await measure(arm));
      } catch (failure) {
        if (arm === standard) throw failure;
        console.debug('degrain: kernels that cannot be timed', failure);
        times.push(Number.POSITIVE_INFINITY);
      }
    }
    const best = Math.min(...running.map(({ times }) => median(times)));
    running = running.filter(({ arm, times }) => {
      return arm === standard || (times.every(Number.isFinite) && median(times) <= best * HOPELESS);
    });
  }
  const measured = running.filter(({ times }) => times.length >= LEAST_ROUNDS);
  const [fastest] = measured.sort((a, b) => median(a.times) - median(b.times));
  const [reference] = running;
  return fastest && reference && median(fastest.times) < MARGIN * median(reference.times) ? fastest.arm : standard;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
