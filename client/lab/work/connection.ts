import { connect, type Link } from '../../bridge.ts';
import type { Methods } from './protocol.ts';

let link: Link<Methods> | undefined;

/** The lab's worker: one, started with the first question, and anew after a crash. */
export function work(): Link<Methods> {
  if (!link || link.closed) {
    link = connect<Methods>(new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' }));
  }
  return link;
}
