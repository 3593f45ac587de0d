import { type Scope, serve } from '../../bridge.ts';
import type { Network } from '../layers/network.ts';
import { Machine } from './machine.ts';

/** What a worker is told first. */
export interface Opening {
  readonly module: WebAssembly.Module;
  readonly network: Network;
  /** The name of a lock to hold until the end: nothing else tells others of a worker that ends without a word. */
  readonly lock?: string | undefined;
}

export type TileMethods = {
  open: { argument: Opening; result: undefined; event: never };
  run: {
    argument: { readonly input: Float32Array; readonly height: number; readonly width: number };
    result: Float32Array;
    event: never;
  };
};

/** The worker's end: one network, one window after the other. */
export function serveTiles(scope: Scope): void {
  let machine: Machine;
  serve<TileMethods>(
    {
      async open({ module, network, lock }) {
        if (lock !== undefined) await hold(lock);
        machine = new Machine(module, network);
        return undefined;
      },
      run({ input, height, width }, { transfer }) {
        const answer = machine.run(input, height, width);
        transfer(answer.buffer);
        return answer;
      },
    },
    scope,
  );
}

function hold(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const forEver = new Promise(() => undefined);
    const granted = () => {
      resolve();
      return forEver;
    };
    navigator.locks.request(name, granted).catch(reject);
  });
}
