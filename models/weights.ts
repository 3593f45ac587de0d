import { DegrainError } from './errors.ts';

/**
 * `weights.q8`, little endian: 'DGQ8', format (1), tensor count; a record of 12 bytes per tensor (kind, elements,
 * channels); then the payloads, each starting at a multiple of 4 bytes. Kind 0 is float32 as it is. Kind 1 is a
 * float32 scale per output channel (the last axis) and int8 values: weight = value * scale, so that a decoded weight
 * is within scale / 2 = max|w of its channel| / 254 of the one that was encoded.
 */
const MAGIC = 'DGQ8';
const FORMAT = 1;
const HEADER_BYTES = 12;
const RECORD_BYTES = 12;
const KIND_FLOAT32 = 0;
const KIND_INT8 = 1;

export interface TensorToEncode {
  readonly values: Float32Array;
  /** Output channels, the last axis, for int8; 0 keeps float32. */
  readonly channels: number;
}

// no bit operators: sizes from a hostile file reach 2^34, and `&` would wrap them to small ones
const align4 = (offset: number) => Math.ceil(offset / 4) * 4;

const payloadBytes = (elements: number, channels: number) =>
  channels === 0 ? elements * 4 : align4(channels * 4 + elements);

/** Symmetric int8 per output channel; see the format above. */
export function encodeQ8(tensors: readonly TensorToEncode[]): Uint8Array<ArrayBuffer> {
  const start = HEADER_BYTES + RECORD_BYTES * tensors.length;
  const size = tensors.reduce((sum, { values, channels }) => sum + payloadBytes(values.length, channels), start);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  view.setUint32(4, FORMAT, true);
  view.setUint32(8, tensors.length, true);
  let payload = start;
  tensors.forEach(({ values, channels }, index) => {
    const record = HEADER_BYTES + RECORD_BYTES * index;
    bytes[record] = channels === 0 ? KIND_FLOAT32 : KIND_INT8;
    view.setUint32(record + 4, values.length, true);
    view.setUint32(record + 8, channels, true);
    if (channels === 0) {
      values.forEach((value, i) => view.setFloat32(payload + i * 4, value, true));
    } else {
      const scales = channelScales(values, channels);
      scales.forEach((scale, c) => view.setFloat32(payload + c * 4, scale, true));
      values.forEach((value, i) => {
        const scale = scales[i % channels] as number;
        view.setInt8(payload + channels * 4 + i, scale === 0 ? 0 : Math.round(value / scale));
      });
    }
    payload += payloadBytes(values.length, channels);
  });
  return bytes;
}

function channelScales(values: Float32Array, channels: number): Float32Array {
  const scales = new Float32Array(channels);
  values.forEach((value, i) => {
    const c = i % channels;
    scales[c] = Math.max(scales[c] as number, Math.abs(value));
  });
  return scales.map((largest) => largest / 127);
}

/** A tensor as it lies in the file. */
export interface PackedTensor {
  readonly elements: number;
  /** Writes its weights, as many as `elements`, to where they are wanted. */
  unpack(into: Float32Array): void;
}

/** @throws DegrainError `invalid-model` where the bytes are not what the format says; nothing large is made. */
export function readQ8(bytes: Uint8Array): PackedTensor[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  require(magic === MAGIC && bytes.length >= HEADER_BYTES, `the letters ${MAGIC} at the start`, `'${magic}'`);
  const format = view.getUint32(4, true);
  require(format === FORMAT, `weights.q8 of format ${FORMAT}`, `format ${format}`);
  const count = view.getUint32(8, true);
  let payload = HEADER_BYTES + RECORD_BYTES * count;
  require(payload <= bytes.length, `${count} tensor records`, `${bytes.length} bytes`);
  const tensors = Array.from({ length: count }, (_, index): PackedTensor => {
    const record = HEADER_BYTES + RECORD_BYTES * index;
    const kind = bytes[record] as number;
    const elements = view.getUint32(record + 4, true);
    const channels = view.getUint32(record + 8, true);
    require((kind === KIND_INT8) === channels > 0 && kind <= KIND_INT8, 'tensors of kind 0 or 1', `kind ${kind}`);
    const whole = channels === 0 || elements % channels === 0;
    require(whole, `a multiple of ${channels} elements in tensor ${index}`, `${elements}`);
    const size = payloadBytes(elements, channels);
    require(payload + size <= bytes.length, `${size} bytes for tensor ${index}`, `${bytes.length - payload} bytes`);
    const part = new DataView(view.buffer, view.byteOffset + payload, size);
    payload += size;
    return {
      elements,
      unpack: kind === KIND_INT8 ? (into) => scale(part, channels, into) : (into) => copy(part, into),
    };
  });
  require(payload === bytes.length, `${payload} bytes`, `${bytes.length} bytes`);
  return tensors;
}

function copy(part: DataView, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = part.getFloat32(i * 4, true);
}

function scale(part: DataView, channels: number, into: Float32Array): void {
  const scales = Float32Array.from({ length: channels }, (_, c) => part.getFloat32(c * 4, true));
  const values = new Int8Array(part.buffer, part.byteOffset + channels * 4, into.length);
  for (let row = 0; row < into.length; row += channels) {
    for (let c = 0; c < channels; c++) into[row + c] = (values[row + c] as number) * (scales[c] as number);
  }
}

/** All tensors of the file, unpacked. @throws as `readQ8`, before anything large is made */
export function decodeQ8(bytes: Uint8Array): Float32Array[] {
  return readQ8(bytes).map(({ elements, unpack }) => {
    const values = new Float32Array(elements);
    unpack(values);
    return values;
  });
}

function require(condition: boolean, expected: string, received: string): asserts condition {
  if (condition) return;
  throw new DegrainError('invalid-model', { expected, received, remedy: 'Download weights.q8 again.' });
}
