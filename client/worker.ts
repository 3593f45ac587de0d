import { DegrainError } from '../models/errors.ts';
import { type Scope, serve } from './bridge.ts';
import { explain, preflight } from './preflight.ts';
import type { Methods, Notice } from './protocol.ts';
import { Session } from './session.ts';

// What the page starts: everything heavy of the library happens on this side of the bridge.

/** One denoiser. `close` does what the end of a worker does by itself. */
export function serveSession(scope: Scope): { close(): void } {
  let session: Session | undefined;

  function current(): Session {
    if (session) return session;
    throw new DegrainError('bad-request', {
      expected: 'the settings first',
      received: 'another message',
      remedy: 'Use createDenoiser of degrain.js of the same version.',
    });
  }

  const { abort } = serve<Methods, Notice>(
    {
      configure(settings) {
        session = new Session(settings);
        return undefined;
      },
      denoise: (request, context) => current().denoise(request, context),
      mix: ({ run, mix }, { transfer }) => {
        const pixels = current().result(run).mix(mix);
        transfer(pixels.data.buffer);
        return pixels;
      },
      residual: ({ run, rows }, { transfer }) => {
        const noise = current().result(run).residual(rows);
        transfer(noise.buffer);
        return noise;
      },
      blob: ({ run, type, quality }) => current().result(run).blob(type, quality),
      preflight: (size, { signal }) => preflight(current(), size, signal),
      explain: () => explain(current()),
      keep: async ({ model }, { signal, emit }) => {
        const { keep } = await import('./keep.ts');
        return keep(current(), model, signal, emit);
      },
      release({ run }) {
        current().release(run);
        return undefined;
      },
    },
    scope,
  );
  return {
    close() {
      abort();
      session?.dispose();
    },
  };
}

// In a page, start-worker.ts serves as many sessions as there are denoisers.
if (typeof document === 'undefined') {
  serveSession(self);
  // who started this waits for the first word: until then it may have been refused
  self.postMessage('started');
}
