import { parentPort } from 'node:worker_threads';
import '../../../cli/tile-thread.ts';

parentPort?.on('message', (data) => {
  if (data === 'die') throw new Error('out of luck');
});
