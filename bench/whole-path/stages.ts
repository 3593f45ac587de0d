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

/** From the marks of the page and the tasks of its threads. Stages overlap: weights come while sigma is estimated. */
export function stagesOf(events: readonly TraceEvent[], names: readonly string[]): Stage[] {
  const marks = events.filter(({ name }) => name.startsWith(MARK));
  const [first] = marks;
  if (!first) throw new Error(`Expected marks named ${MARK}… in the trace but found none`);
  const tasks = tasksOf(events, first.pid);
  return names.flatMap((name) => {
    const from = marks.find((mark) => mark.name === MARK + name)?.ts;
    const to = marks.findLast((mark) => mark.name === `${MARK}/${name}`)?.ts;
    if (from === undefined || to === undefined) return [];
    const busy = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + overlap(span, { from, to }), 0) / 1000;
    const at = (ts: number) => (ts - first.ts) / 1000;
    return [{ name, from: at(from), to: at(to), mainBusy: busy(tasks.main), workerBusy: busy(tasks.workers) }];
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const overlap = (a: Span, b: Span) => Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

function tasksOf(events: readonly TraceEvent[], pid: number): { main: Span[]; workers: Span[] } {
  const threads = new Map<number, string>();
  for (const { name, tid, args, ...event } of events) {
    if (event.pid === pid && name === 'thread_name') threads.set(tid, args?.name ?? '');
  }
  const tasks = events.filter((event) => event.pid === pid && event.name === 'RunTask' && event.ph === 'X');
  const on = (thread: string) =>
    tasks
      .filter(({ tid }) => threads.get(tid)?.startsWith(thread))
      .map(({ ts, dur = 0 }) => ({ from: ts, to: ts + dur }));
  return { main: on('CrRendererMain'), workers: on('DedicatedWorker') };
}
