import { connect, type Link } from '../../bridge.ts';
import type { Kind } from './files.ts';
import type { WriteMethods } from './write-worker.ts';

let writer: Link<WriteMethods> | undefined;

/** Safari before 26 writes files of the origin's own file system in workers only. */
export async function writeInWorker(kind: Kind, id: string, content: Blob): Promise<void> {
  if (!writer || writer.closed) {
    writer = connect<WriteMethods>(new Worker(new URL('./write-worker.ts', import.meta.url), { type: 'module' }));
  }
  const failure = await writer.call('write', { kind, id, content });
  if (failure) throw new DOMException(failure.message, failure.name);
}
