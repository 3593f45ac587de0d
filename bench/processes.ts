import { readdirSync, readFileSync } from 'node:fs';

/** ms: a tick of /proc/<pid>/stat on every Linux that Node runs on. */
const TICK = 10;

interface ProcessTimes {
  readonly parent: number;
  readonly ms: number;
}

function processTimes(): Map<number, ProcessTimes> {
  const times = new Map<number, ProcessTimes>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      times.set(pid, { parent: fields[1] as number, ms: ((fields[11] as number) + (fields[12] as number)) * TICK });
    } catch {
      // It ended while the others were read.
    }
  }
  return times;
}

/** ms of all processes that this one started, theirs included. */
export function childrenTime(): number {
  const times = processTimes();
  const isOurs = (pid: number): boolean => {
    const parent = times.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  return [...times].filter(([pid]) => isOurs(pid)).reduce((sum, [, { ms }]) => sum + ms, 0);
}
