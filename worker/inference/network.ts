import type { ModelFiles, TileEngine } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';
import { unpackHalves } from '../../models/float16.ts';
import { readQ8 } from '../../models/weights.ts';
import { type GraphNode, OPERATIONS, type Value } from './operations.ts';
import { elements, type Tensor, type Tensors } from './tensors.ts';

/**
 * A published network on the wasm kernels. Its weights stay in wasm's memory until it is disposed of.
 *
 * @throws DegrainError `invalid-model` for operations that are not among `OPERATIONS`.
 */
export function openNetwork(tensors: Tensors, files: ModelFiles): TileEngine {
  const { card, graph } = files;
  const { node: nodes } = graph.modelTopology as { node: readonly GraphNode[] };
  const steps = nodes.filter(({ op }) => op !== 'Const' && op !== 'Placeholder');
  for (const { op } of steps) if (!Object.hasOwn(OPERATIONS, op)) throw unknownOperation(op);
  const constants = loadConstants(tensors, files);
  const lastUse = new Map(steps.flatMap(({ input = [] }, step) => input.map((name) => [name, step] as const)));
  const channels = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
  return {
    name: 'edge',
    async run(input, height, width) {
      const shape = [1, height, width, channels];
      if (input.length !== elements(shape)) throw new Error(`${input.length} numbers for ${shape.join(' x ')}`);
      const values = new Map<string, Tensor>();
      try {
        const image = tensors.make(shape);
        values.set(card.graph.input, image);
        tensors.values(image).set(input);
        for (const [step, node] of steps.entries()) {
          const inputs = (node.input ?? []).map((name) => values.get(name) ?? (constants.get(name) as Value));
          const operation = OPERATIONS[node.op] as (typeof OPERATIONS)[string];
          values.set(node.name, operation(tensors, node, inputs));
          // each goes as soon as nothing needs it: what is held at a time is what the card counts
          for (const name of new Set(node.input)) {
            const spent = values.get(name);
            if (!spent || lastUse.get(name) !== step) continue;
            tensors.free(spent);
            values.delete(name);
          }
        }
        return tensors.values(values.get(card.graph.output) as Tensor).slice();
      } finally {
        for (const left of values.values()) tensors.free(left);
      }
    },
    dispose() {
      for (const constant of constants.values()) if ('id' in constant) tensors.free(constant);
    },
  };
}

const FLOAT16_BYTES = 2;
const INT32_BYTES = 4;

/** Weights as tensors, unpacked to where the kernels read them; int32, which are shapes and sizes, as numbers. */
function loadConstants(tensors: Tensors, { graph, weights, precision }: ModelFiles): Map<string, Value> {
  const specs = graph.weightsManifest.flatMap((group) => group.weights);
  const packed = precision === 'q8' ? readQ8(weights) : undefined;
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  const constants = new Map<string, Value>();
  let offset = 0;
  for (const [index, { name, shape, dtype }] of specs.entries()) {
    const count = elements(shape);
    const at = offset;
    offset += count * (dtype === 'int32' ? INT32_BYTES : FLOAT16_BYTES);
    const unpack = (into: Float32Array) => {
      if (packed) packed[index]?.unpack(into);
      else unpackHalves(weights, at, into);
    };
    if (dtype !== 'int32') {
      const tensor = tensors.make(shape);
      unpack(tensors.values(tensor));
      constants.set(name, tensor);
    } else if (packed) {
      const numbers = new Float32Array(count);
      unpack(numbers);
      constants.set(name, [...numbers]);
    } else {
      const numbers = Array.from({ length: count }, (_, i) => view.getInt32(at + i * INT32_BYTES, true));
      constants.set(name, numbers);
    }
  }
  return constants;
}

function unknownOperation(op: string): DegrainError {
  return new DegrainError('invalid-model', {
    expected: `operations among ${Object.keys(OPERATIONS).join(', ')}`,
    received: op,
    remedy: 'Add it to worker/inference/operations.ts, or keep the model from the edge.',
  });
}
