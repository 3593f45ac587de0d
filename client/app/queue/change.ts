import { type Item, type Settings, sameMix, sameRun } from './item.ts';
import type { Queue } from './queue.ts';
import type { Results } from './results.ts';
import type { Runner } from './runner.ts';

/** Gives a photo other settings, and sees to its result. True where the network has to run again. */
export async function changeSettings(
  queue: Queue,
  { runner, results }: { runner: Runner; results: Results },
  { id }: Item,
  parts: Partial<Settings>,
): Promise<boolean> {
  const changed = await queue.update(id, (item) => ({ settings: { ...item.settings, ...parts } }));
  if (!changed) return false;
  const { outcome, settings, state } = changed;
  const isOther =
    state === 'waiting' ? 'sigma' in parts || 'model' in parts : !outcome || !sameRun(outcome.settings, settings);
  if (isOther) runner.leave(id);
  else if (state === 'waiting') return false;
  else if (results.live(id)) {
    // also where the file has this mix: another one may be on its way to it
    await results.remix(id);
    return false;
  } else if (outcome && sameMix(outcome.settings, settings)) return false;
  await queue.update(id, () => ({ state: 'waiting', begun: 0 }));
  return isOther;
}
