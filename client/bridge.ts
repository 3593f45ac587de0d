import { DegrainError } from '../models/errors.ts';
import { type Failure, fromFailure, toFailure } from './failure.ts';

/** What the worker can be asked, by name: argument, result, and the events that come before the result. */
type Contract = Record<string, { argument: unknown; result: unknown; event: unknown }>;

type ToWorker = { id: number; method: string; argument: unknown } | { id: number; abort: true };
type ToPage = ({ id: number } & ({ value: unknown } | { failure: Failure } | { event: unknown })) | { notice: unknown };

export interface CallOptions<Event> {
  readonly signal?: AbortSignal | undefined;
  readonly transfer?: Transferable[];
  readonly onEvent?: (event: Event) => void;
}

export interface Link<Methods extends Contract> {
  /** Rejects at once when the signal is aborted; the worker learns of it between two tiles. */
  call<Name extends keyof Methods & string>(
    method: Name,
    argument: Methods[Name]['argument'],
    options?: CallOptions<Methods[Name]['event']>,
  ): Promise<Methods[Name]['result']>;
  /** Ends the worker; what is pending is rejected with the reason, and so is every later call. */
  close(reason: Error): void;
  readonly closed: boolean;
}

interface Pending {
  settle(reply: { value: unknown } | { failure: Failure } | { error: unknown }): void;
  onEvent(event: unknown): void;
}

/** What of a worker the bridge uses; a session on the page's own thread has the same. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'terminate'> & {
  onmessage: ((event: MessageEvent) => unknown) | null;
  onerror?: ((event: ErrorEvent) => unknown) | null;
  onmessageerror: ((event: MessageEvent) => unknown) | null;
};

/** The page's end. `onNotice` hears what the worker has to say outside of any call, and after a call was aborted. */
export function connect<Methods extends Contract, Notice = never>(
  worker: WorkerPort,
  onNotice?: (notice: Notice) => void,
): Link<Methods> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closed: Error | undefined;

  const close = (reason: Error) => {
    closed ??= reason;
    worker.terminate();
    for (const { settle } of [...pending.values()]) settle({ error: closed });
  };
  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if ('notice' in data) {
      onNotice?.(data.notice as Notice);
      return;
    }
    // no entry: the call was aborted, and what was on its way arrives late
    const call = pending.get(data.id);
    if ('event' in data) call?.onEvent(data.event);
    else call?.settle(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    close(crashed(event.message || 'its end'));
  };
  worker.onmessageerror = () => close(crashed('a message that could not be read'));

  return {
    get closed() {
      return closed !== undefined;
    },
    close,
    call: (method, argument, { signal, transfer = [], onEvent } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw closed;
        signal?.throwIfAborted();
        const id = ++lastId;
        const abort = () => {
          worker.postMessage({ id, abort: true } satisfies ToWorker);
          settle({ error: signal?.reason });
        };
        const settle: Pending['settle'] = (reply) => {
          pending.delete(id);
          signal?.removeEventListener('abort', abort);
          if ('value' in reply) resolve(reply.value as never);
          else reject('failure' in reply ? fromFailure(reply.failure) : reply.error);
        };
        worker.postMessage({ id, method, argument } satisfies ToWorker, transfer);
        pending.set(id, { settle, onEvent: (event) => onEvent?.(event as never) });
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
}

/** What a method gets beside its argument. */
export interface Context<Event, Notice = never> {
  readonly signal: AbortSignal;
  emit(event: Event, transfer?: Transferable[]): void;
  /** For the page itself, whoever still waits for this call. */
  notify(notice: Notice): void;
  /** Buffers of the result that move instead of being copied. */
  transfer(...buffers: Transferable[]): void;
}

export type Handlers<Methods extends Contract, Notice = never> = {
  [Name in keyof Methods]: (
    argument: Methods[Name]['argument'],
    context: Context<Methods[Name]['event'], Notice>,
  ) => Promise<Methods[Name]['result']> | Methods[Name]['result'];
};

/** What of a worker's global scope the bridge uses. */
export interface Scope {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}

/** The worker's end. `abort` ends what is running, between two tiles. */
export function serve<Methods extends Contract, Notice = never>(
  handlers: Handlers<Methods, Notice>,
  scope: Scope = self,
): { abort(): void } {
  const running = new Map<number, AbortController>();
  const post = (message: ToPage, transfer: Transferable[] = []) => scope.postMessage(message, { transfer });
  scope.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    const { id } = data;
    if ('abort' in data) {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    const buffers: Transferable[] = [];
    try {
      const value = await (handlers[data.method] as Handlers<Contract, Notice>[string])(data.argument, {
        signal: controller.signal,
        emit: (event, transfer) => post({ id, event }, transfer),
        notify: (notice) => post({ notice }),
        transfer: (...more) => buffers.push(...more),
      });
      post({ id, value }, buffers);
    } catch (error) {
      post({ id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  };
  return {
    abort() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

function crashed(received: string): DegrainError {
  return new DegrainError('engine-failed', {
    expected: 'the worker to keep running',
    received,
    remedy: 'Try again; the next call starts a new worker.',
  });
}
