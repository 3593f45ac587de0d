import { DegrainError } from '../models/errors.ts';
import { connect, type Link } from './bridge.ts';
import type { DenoiseOptions, DenoiseResult, Denoiser, InputImage, KeepOptions, KeptModel } from './contract.ts';
import { reportUsage, sendWaiting } from './edge/usage.ts';
import type { Finished, Methods, Notice, Pixels, Settings } from './protocol.ts';
import { sizeOf, toSource } from './source.ts';
import { predictedTime, rememberSpeed } from './speed.ts';
import { startWorker } from './start-worker.ts';

type Connection = Link<Methods>;

/** The page's half of a denoiser: it passes pictures to a worker and keeps no pixels. */
export async function openDenoiser(settings: Settings): Promise<Denoiser> {
  let link = connectWorker(settings);
  await link;
  let disposed = false;
  /** After a crash the next picture gets a new worker; of several waiting ones, the first sees to it. */
  const living = async () => {
    const seen = link;
    const dead = await seen.then(
      ({ closed }) => closed,
      () => true,
    );
    if (dead && link === seen) link = connectWorker(settings);
    return link;
  };
  // A result that the page has dropped need not hold its noise in the worker.
  const dropped = new FinalizationRegistry<{ link: Connection; run: number }>(release);

  return {
    async denoise(image: InputImage, options: DenoiseOptions = {}) {
      const { sigma = 'auto', strength = 1, luma = 1, chroma = 1, signal, onProgress, onTile } = options;
      signal?.throwIfAborted();
      if (disposed) throw gone('a denoiser that was disposed of');
      const current = await orAborted(living(), signal);
      const { source, transfer } = await orAborted(toSource(image), signal);
      const finished = await post(() =>
        current.call(
          'denoise',
          { source, sigma, mix: { strength, luma, chroma }, tiles: onTile !== undefined },
          {
            signal,
            transfer,
            onEvent: (event) => ('tile' in event ? onTile?.(event.tile) : onProgress?.(event.progress)),
          },
        ),
      ).catch((failure) => {
        // A trap leaves wasm's memory in disorder, and all later runs fail with it: the next picture gets a new worker.
        if (failure instanceof DegrainError && failure.code === 'engine-failed') current.close(failure);
        throw failure;
      });
      rememberSpeed(finished);
      const result = resultOf(current, finished);
      dropped.register(result, { link: current, run: finished.run }, result);
      return result as never;
    },
    async preflight(image) {
      if (disposed) throw gone('a denoiser that was disposed of');
      const { computedPixels, ...prepared } = await (await living()).call('preflight', await sizeOf(image));
      return { ...prepared, milliseconds: predictedTime(prepared.model, prepared.engine, computedPixels) };
    },
    async explain() {
      if (disposed) throw gone('a denoiser that was disposed of');
      return (await living()).call('explain', undefined);
    },
    dispose() {
      disposed = true;
      link.then(
        (open) => open.close(gone('a denoiser that was disposed of')),
        () => 'a worker that did not start needs no end',
      );
    },
  };
}

/** A worker for one task, which ends with it. */
export async function keepModel(settings: Settings, { signal, onProgress }: KeepOptions): Promise<KeptModel> {
  const link = await connectWorker(settings);
  try {
    return await link.call('keep', { model: settings.model }, { signal, onEvent: (event) => onProgress?.(event) });
  } finally {
    link.close(gone('a worker that has done its work'));
  }
}

async function connectWorker(settings: Settings): Promise<Connection> {
  const { endpoint, key } = settings;
  const link = connect<Methods, Notice>(await startWorker(), ({ usage }) => reportUsage({ endpoint, key }, usage));
  await link.call('configure', settings);
  sendWaiting().catch((reason) => console.debug('degrain: usage reports', reason));
  return link;
}

function resultOf(link: Connection, finished: Finished): DenoiseResult {
  const { run, image, sigma, plan, engine, timings } = finished;
  let released = false;
  const ask = <Result>(call: () => Promise<Result>) => {
    if (released) throw gone('a result that was released');
    return call();
  };
  return {
    image,
    width: image.width,
    height: image.height,
    sigma,
    plan,
    engine,
    timings,
    mix: async (mix) => ask(() => link.call('mix', { run, mix })) as Promise<Pixels>,
    residual: async (rows) => ask(() => link.call('residual', { run, rows })),
    blob: async (type = 'image/png', quality) => ask(() => link.call('blob', { run, type, quality })),
    release() {
      released = true;
      release({ link, run });
    },
  };
}

function release({ link, run }: { link: Connection; run: number }): void {
  if (!link.closed) link.call('release', { run }).catch(() => 'a worker that is gone holds nothing');
}

/** Rejects when the signal is aborted, however long the rest takes. */
function orAborted<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A picture of another origin without CORS cannot be read, nor sent to a worker. */
async function post<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof DOMException) || cause.name !== 'DataCloneError') throw cause;
    const remedy = 'Load it with crossorigin="anonymous" from a server that allows it, or pass its Blob.';
    const received = 'a picture of another origin, or one that was transferred away';
    throw new DegrainError('invalid-image', { expected: 'a picture that this page may read', received, remedy }, cause);
  }
}

function gone(received: string): DegrainError {
  return new DegrainError('bad-request', { expected: 'a living denoiser', received, remedy: 'Create a new one.' });
}
