import { elements, type Tensor, type Tensors } from './tensors.ts';

/** A node of a TF.js GraphModel; numbers are written as text, and text in base64. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attribute>>;
}

interface Attribute {
  readonly i?: string;
  readonly b?: boolean;
  readonly f?: number;
  readonly s?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

/** Shapes, sizes and starts come as int32 constants, which stay outside of wasm. */
export type Value = Tensor | readonly number[];

type Operation = (tensors: Tensors, node: GraphNode, inputs: readonly Value[]) => Tensor;

/** As in the kernels' sources. */
const FUSED: Record<string, number> = { BiasAdd: 0, Relu: 1, LeakyRelu: 4 };
const FLOAT32 = 0;

/**
 * What the networks are made of that run at the edge, each by TF.js's kernel of that name (4.22.0). NHWC throughout.
 * The kernels check nothing: shapes are right because the exporter made them, and the file's hash says that it did.
 */
export const OPERATIONS: Record<string, Operation> = {
  _FusedConv2D(tensors, node, inputs) {
    const [x, filter, bias] = inputs as [Tensor, Tensor, Tensor];
    const [batch, height, width, channels] = x.shape as Shape;
    const [filterHeight, filterWidth, , outputs] = filter.shape as Shape;
    const [, strideY, strideX] = integers(node, 'strides') as Shape;
    const [, dilationY, dilationX] = integers(node, 'dilations') as Shape;
    const rows = span(node, 1, height, (filterHeight - 1) * dilationY + 1, strideY);
    const columns = span(node, 2, width, (filterWidth - 1) * dilationX + 1, strideX);
    const out = tensors.make([batch, rows.length, columns.length, outputs]);
    const [top, right, bottom, left] = [rows.before, columns.after, rows.after, columns.before];
    tensors.call(
      'FusedConv2D',
      ...[x.id, batch, height, width, filter.id, filterHeight, filterWidth, bias.id],
      ...[top, right, bottom, left, paddingOf(node) === 'SAME' ? 1 : 0, dilationY, dilationX, strideY, strideX],
      ...[channels, outputs, activation(node), 0, slope(node), out.id],
    );
    tensors.forgetPrepared([filter, bias]);
    return out;
  },

  /** [N,K] x [K,M]; the kernel multiplies batches of matrices, of which there is one. */
  _FusedMatMul(tensors, node, inputs) {
    const [a, b, bias] = inputs as [Tensor, Tensor, Tensor];
    const [rows, shared] = a.shape as Shape;
    const columns = b.shape[1] as number;
    const out = tensors.make([rows, columns]);
    const shapes = [a.id, [1, rows, shared], 3, b.id, [1, shared, columns], 3] as const;
    tensors.call('_FusedMatMul', ...shapes, 0, 0, activation(node), bias.id, 0, slope(node), out.id);
    tensors.forgetPrepared([b, bias]);
    return out;
  },

  AddV2(tensors, _, inputs) {
    const [a, b] = inputs as [Tensor, Tensor];
    const out = tensors.make(a.shape);
    tensors.call('Add', a.id, a.shape, a.shape.length, b.id, b.shape, b.shape.length, FLOAT32, out.id);
    return out;
  },

  Sigmoid(tensors, _, inputs) {
    const [x] = inputs as [Tensor];
    const out = tensors.make(x.shape);
    tensors.call('Sigmoid', x.id, out.id);
    return out;
  },

  DepthToSpace(tensors, node, inputs) {
    const [x] = inputs as [Tensor];
    const [batch, height, width, channels] = x.shape as Shape;
    const block = integer(node, 'block_size');
    const shape = [batch, height * block, width * block, channels / block ** 2];
    const out = tensors.make(shape);
    tensors.call('DepthToSpace', x.id, block, 1, strides(x.shape), 3, shape, strides(shape), 4, out.id);
    return out;
  },

  MaxPool(tensors, node, inputs) {
    const [x] = inputs as [Tensor];
    const [batch, height, width, channels] = x.shape as Shape;
    const [, sizeY, sizeX] = integers(node, 'ksize') as Shape;
    const [, strideY, strideX] = integers(node, 'strides') as Shape;
    const rows = span(node, 1, height, sizeY, strideY);
    const columns = span(node, 2, width, sizeX, strideX);
    const out = tensors.make([batch, rows.length, columns.length, channels]);
    const padding = [rows.before, columns.after, rows.after, columns.before];
    const window = [sizeY, sizeX, ...padding, 1, 1, strideY, strideX];
    tensors.call('MaxPool', x.id, batch, height, width, ...window, channels, channels, out.id);
    return out;
  },

  ResizeNearestNeighbor(tensors, node, inputs) {
    const [x, size] = inputs as [Tensor, readonly number[]];
    const [batch, height, width, channels] = x.shape as Shape;
    const [newHeight, newWidth] = size as Shape;
    const out = tensors.make([batch, newHeight, newWidth, channels]);
    const flags = [flag(node, 'align_corners'), flag(node, 'half_pixel_centers')];
    const sizes = [batch, height, width, channels, newHeight, newWidth];
    tensors.call('ResizeNearestNeighbor', x.id, ...sizes, ...flags, out.id);
    return out;
  },

  /** A copy, so that every tensor has memory of its own to free: only vectors are reshaped. */
  Reshape(tensors, _, inputs) {
    const [x, asked] = inputs as [Tensor, readonly number[]];
    const known = asked.reduce((product, side) => (side < 0 ? product : product * side), 1);
    const out = tensors.make(asked.map((side) => (side < 0 ? elements(x.shape) / known : side)));
    tensors.values(out).set(tensors.values(x));
    return out;
  },

  /** [N,H,W,C] -> the part from `begin` on; a size of -1 reaches to the end. TF.js has no kernel for it either. */
  Slice(tensors, _, inputs) {
    const [x, begin, size] = inputs as [Tensor, readonly number[], readonly number[]];
    const shape = size.map((length, axis) => (length < 0 ? at(x.shape, axis) - at(begin, axis) : length));
    const out = tensors.make(shape);
    const [from, to] = [tensors.values(x), tensors.values(out)];
    const step = strides(x.shape);
    const run = at(shape, 3);
    let written = 0;
    for (let n = 0; n < at(shape, 0); n++) {
      for (let y = 0; y < at(shape, 1); y++) {
        const row = (n + at(begin, 0)) * at(step, 0) + (y + at(begin, 1)) * at(step, 1) + at(begin, 3);
        for (let column = 0; column < at(shape, 2); column++) {
          const start = row + (column + at(begin, 2)) * at(step, 2);
          for (let c = 0; c < run; c++) to[written++] = from[start + c] as number;
        }
      }
    }
    return out;
  },
};

type Shape = readonly [number, number, number, number];

const at = (numbers: readonly number[], index: number) => numbers[index] as number;

/** How far apart neighbours are along each axis but the last. */
const strides = (shape: readonly number[]) => shape.slice(1).map((_, axis) => elements(shape.slice(axis + 1)));

/** Positions of a window along an axis (1 rows, 2 columns), and the zeros before and after, as TensorFlow has them. */
function span(node: GraphNode, axis: 1 | 2, length: number, window: number, stride: number) {
  const padding = paddingOf(node);
  if (padding === 'SAME') {
    const positions = Math.ceil(length / stride);
    const zeros = Math.max(0, (positions - 1) * stride + window - length);
    return { length: positions, before: zeros >> 1, after: zeros - (zeros >> 1) };
  }
  // two for each axis of NHWC
  const explicit = padding === 'EXPLICIT' ? (integers(node, 'explicit_paddings') as number[]) : [];
  const [before = 0, after = 0] = explicit.slice(2 * axis);
  return { length: Math.floor((length + before + after - window) / stride) + 1, before, after };
}

const paddingOf = (node: GraphNode) => atob(node.attr?.padding?.s ?? '');
const integer = (node: GraphNode, name: string) => Number(node.attr?.[name]?.i);
const integers = (node: GraphNode, name: string) => node.attr?.[name]?.list?.i?.map(Number) as unknown;
const flag = (node: GraphNode, name: string) => (node.attr?.[name]?.b ? 1 : 0);

/** Of a leaky ReLU below 0. */
const slope = (node: GraphNode) => node.attr?.leakyrelu_alpha?.f ?? 0;

function activation(node: GraphNode): number {
  const fused = node.attr?.fused_ops?.list?.s?.map(atob) ?? [];
  const last = FUSED[fused.at(-1) ?? ''];
  if (fused[0] === 'BiasAdd' && last !== undefined) return last;
  throw new Error(`${node.name} is fused with ${fused.join(', ')}`);
}
