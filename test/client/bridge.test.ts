import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Context, connect, type Link, type Scope, serve } from '../../client/bridge.ts';
import { DegrainError } from '../../models/errors.ts';

type Methods = {
  double: { argument: number; result: number; event: never };
  count: { argument: number; result: string; event: number };
  fail: { argument: 'known' | 'unknown'; result: never; event: never };
};
type Notice = { stopped: number };

let worker: Worker;
let link: Link<Methods>;
let stopped: string[];
let notices: Notice[];

/** Both ends in this process: a channel's ports stand for the worker and for its global scope. */
beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  worker = Object.assign(port1 as MessagePort & Worker, { terminate: () => port1.close() });
  const scope = port2 as unknown as Scope;
  stopped = [];
  notices = [];
  serve<Methods, Notice>(
    {
      double: (value) => value * 2,
      async count(to, { emit, notify, signal }: Context<number, Notice>) {
        for (let i = 1; i <= to; i++) {
          emit(i);
          await new Promise((resolve) => setTimeout(resolve, 5));
          if (signal.aborted) {
            stopped.push(`after ${i}`);
            notify({ stopped: i });
            signal.throwIfAborted();
          }
        }
        return 'done';
      },
      fail(kind) {
        if (kind === 'unknown') throw new RangeError('out of range');
        throw new DegrainError('integrity', { expected: 'a', received: 'b', remedy: 'c' });
      },
    },
    scope,
  );
  link = connect<Methods, Notice>(worker, (notice) => notices.push(notice));
});
afterEach(() => worker.terminate());

test('calls are answered, each its own', async () => {
  expect(await Promise.all([link.call('double', 2), link.call('double', 21)])).toEqual([4, 42]);
});

test('events come before the result', async () => {
  const events: number[] = [];
  expect(await link.call('count', 3, { onEvent: (event) => events.push(event) })).toBe('done');
  expect(events).toEqual([1, 2, 3]);
});

test('an abort rejects at once with its reason, and reaches the other end', async () => {
  const controller = new AbortController();
  const events: number[] = [];
  const call = link.call('count', 1000, {
    signal: controller.signal,
    onEvent: (event) => {
      events.push(event);
      if (event === 2) controller.abort(new Error('enough'));
    },
  });
  await expect(call).rejects.toThrow('enough');
  await vi.waitFor(() => expect(stopped).toHaveLength(1));
  expect(events).toEqual([1, 2]);
  // what the worker has to say of its own is heard all the same
  await vi.waitFor(() => expect(notices).toEqual([{ stopped: 2 }]));
  await expect(link.call('double', 1, { signal: controller.signal })).rejects.toThrow('enough');
});

test('errors keep their parts across', async () => {
  const known = link.call('fail', 'known');
  await expect(known).rejects.toBeInstanceOf(DegrainError);
  await expect(known).rejects.toMatchObject({ code: 'integrity', expected: 'a', received: 'b', remedy: 'c' });
  await expect(link.call('fail', 'unknown')).rejects.toMatchObject({
    code: 'engine-failed',
    received: 'RangeError: out of range',
  });
});

test('a crash and a close reject what is pending, and all that comes later', async () => {
  const pending = link.call('count', 1000);
  worker.onerror?.({ message: 'boom', preventDefault() {} } as ErrorEvent);
  await expect(pending).rejects.toMatchObject({ code: 'engine-failed', received: 'boom' });
  expect(link.closed).toBe(true);
  await expect(link.call('double', 1)).rejects.toMatchObject({ received: 'boom' });
});
