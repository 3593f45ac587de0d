import { type Scope, serve } from '../../bridge.ts';
import type { Network } from '../wgsl/network.ts';
import { Machine } from './machine.ts';

/** What a worker is told first. */
export interface Opening {
  readonly module: WebAssembly.Module;
  readonly network: Network;
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
      open({ module, network }) {
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
