import { readdir, readFile } from 'node:fs/promises';

/**
 * The workerds that this process has started, by their ids: that of the worker, and one of wrangler's own in front of
 * it. Linux only.
 */
export async function workerdProcesses(): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const [, name, rest = ''] = /\((.*)\) (.*)/.exec(stat) ?? [];
    if (name === 'workerd' && Number(rest.split(' ')[1]) === process.pid) found.push(Number(entry));
  }
  if (found.length > 0) return found;
  throw new Error('Expected a workerd of this process but found none.');
}

async function statusField(id: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

/** Bytes of memory that a process has now. */
export const resident = (id: number) => statusField(id, 'VmRSS');

/** Bytes that it had at most. */
export const highWater = (id: number) => statusField(id, 'VmHWM');
