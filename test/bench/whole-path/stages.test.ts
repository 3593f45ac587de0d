import { expect, test } from 'vitest';
import { drawWay } from '../../../bench/whole-path/draw.ts';
import { type TraceEvent, wayOf } from '../../../bench/whole-path/stages.ts';

const [PAGE, OTHER, MAIN, WORKER] = [1, 2, 10, 11];
const mark = (name: string, ms: number): TraceEvent => ({ name, ph: 'I', pid: PAGE, tid: MAIN, ts: 5000 + ms * 1000 });
const task = (pid: number, tid: number, from: number, to: number): TraceEvent => ({
  ...{ name: 'RunTask', ph: 'X', pid, tid },
  ts: 5000 + from * 1000,
  dur: (to - from) * 1000,
});
const thread = (tid: number, name: string): TraceEvent => ({
  ...{ name: 'thread_name', ph: 'M', pid: PAGE, tid, ts: 0 },
  args: { name },
});

const events = [
  thread(MAIN, 'CrRendererMain'),
  thread(WORKER, 'DedicatedWorker thread'),
  mark('path:decode', 0),
  task(PAGE, WORKER, 10, 90),
  task(PAGE, MAIN, 95, 105),
  task(OTHER, MAIN, 0, 100),
  mark('path:/decode', 100),
  mark('path:tiles', 100),
  task(PAGE, WORKER, 100, 150),
  // counted again after another engine has taken over: the last end is the end
  mark('path:/tiles', 150),
  mark('path:/tiles', 200),
];

test("stages are told by the page's marks, with what its own threads did in between", () => {
  expect(wayOf(events, ['decode', 'weights', 'tiles']).stages).toEqual([
    { name: 'decode', from: 0, to: 100, mainBusy: 5, workerBusy: 80 },
    { name: 'tiles', from: 100, to: 200, mainBusy: 5, workerBusy: 50 },
  ]);
});

test('a bar that lies in two zones is drawn in both, to the scale of each', () => {
  const stage = { name: 'a < b', from: 0, to: 200, mainBusy: 0, workerBusy: 0 };
  const half = { from: 50, to: 100 };
  const zones = [
    { title: 'first', from: 0, to: 100 },
    { title: 'then', from: 100, to: 1100 },
  ];
  const picture = drawWay('A run', { stages: [stage], main: [half], workers: [] }, zones);
  const widths = [...picture.matchAll(/class="bar" .* width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toHaveLength(2);
  expect((widths[0] as number) / (widths[1] as number)).toBeCloseTo(10, 0);
  expect(picture).toContain('a &lt; b');
  // busy in the second half of the first zone
  expect(picture.match(/class="busy"/g)).toHaveLength(1);
});
