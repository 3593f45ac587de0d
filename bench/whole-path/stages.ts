/** Of Chromium's trace event format, what is read here; times in µs. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** A part of the way from file to file, ms from its beginning. */
export interface Stage {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** ms that the page's main thread was busy in between, and all its workers together. */
  readonly mainBusy: number;
  readonly workerBusy: number;
}

/** What the page marks are called in a trace: `path:decode` when it begins, `path:/decode` when it has ended. */
export const MARK = 'path:';

export interface Way {
  readonly stages: readonly Stage[];
  /** When the threads were busy, ms from the beginning. */
  readonly main: readonly Span[];
  readonly workers: readonly Span[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the marks of the page and the tasks of its threads. Stages overlap: weights come while sigma is estimated. */
export function wayOf(events: readonly TraceEvent[], names: readonly string[]): Way {
  const marks = events.filter(({ name }) => name.startsWith(MARK));
  const [first] = marks;
  if (!first) throw new Error(`Expected marks named ${MARK}… in the trace but found none`);
  const at = (ts: number) => (ts - first.ts) / 1000;
  const tasks = tasksOf(events, first.pid, at);
  const stages = names.flatMap((name) => {
    const from = marks.find((mark) => mark.name === MARK + name)?.ts;
    const to = marks.findLast((mark) => mark.name === `${MARK}/${name}`)?.ts;
    if (from === undefined || to === undefined) return [];
    const span = { from: at(from), to: at(to) };
    return [{ name, ...span, mainBusy: busyIn(tasks.main, span), workerBusy: busyIn(tasks.workers, span) }];
  });
  return { stages, ...tasks };
}

/** ms of these tasks that fall into a span. */
export const busyIn = (tasks: readonly Span[], { from, to }: Span) =>
  tasks.reduce((sum, task) => sum + Math.max(0, Math.min(task.to, to) - Math.max(task.from, from)), 0);

function tasksOf(
  events: readonly TraceEvent[],
  pid: number,
  at: (ts: number) => number,
): { main: Span[]; workers: Span[] } {
  const threads = new Map<number, string>();
  for (const { name, tid, args, ...event } of events) {
    if (event.pid === pid && name === 'thread_name') threads.set(tid, args?.name ?? '');
  }
  const tasks = events.filter((event) => event.pid === pid && event.name === 'RunTask' && event.ph === 'X');
  const on = (thread: string) =>
    tasks
      .filter(({ tid }) => threads.get(tid)?.startsWith(thread))
      .map(({ ts, dur = 0 }) => ({ from: at(ts), to: at(ts + dur) }));
  return { main: on('CrRendererMain'), workers: on('DedicatedWorker') };
}
