/** Instructions, encoded. */
export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;
/** The type of a block that leaves nothing. */
const EMPTY = 0x40;

/** LEB128, as WebAssembly writes whole numbers. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const isLast = rest >= -64 && rest < 64;
    bytes.push((rest & 127) | (isLast ? 0 : 128));
    if (isLast) return bytes;
  }
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes];
const text = (name: string): number[] => sized([...new TextEncoder().encode(name)]);
const section = (id: number, bytes: Code): number[] => [id, ...sized(bytes)];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** A variable or parameter of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** A function of 32-bit integers that returns nothing. */
export class FunctionBuilder<Name extends string> {
  readonly name: string;
  readonly parameters: Readonly<Record<Name, Local>>;
  readonly #arity: number;
  readonly #locals: number[] = [];
  readonly #body: Code[] = [];

  constructor(name: string, parameters: readonly Name[]) {
    this.name = name;
    this.parameters = Object.fromEntries(parameters.map((name, i) => [name, local(i)])) as Record<Name, Local>;
    this.#arity = parameters.length;
  }

  integer(): Local {
    return this.#declare(I32);
  }

  lanes(): Local {
    return this.#declare(V128);
  }

  write(...code: Code[]): void {
    this.#body.push(...code);
  }

  type(): number[] {
    return [0x60, ...vector(Array.from({ length: this.#arity }, () => [I32])), 0];
  }

  body(): number[] {
    return sized([...vector(this.#locals.map((type) => [1, type])), ...this.#body.flat(), 0x0b]);
  }

  #declare(type: number): Local {
    this.#locals.push(type);
    return local(this.#arity + this.#locals.length - 1);
  }
}

const local = (index: number): Local => ({
  get: [0x20, ...unsigned(index)],
  set: (value) => [...value, 0x21, ...unsigned(index)],
});

/** A module that exports these functions and imports its memory as `env.memory`. */
export function assemble(
  functions: readonly Pick<FunctionBuilder<string>, 'name' | 'type' | 'body'>[],
): Uint8Array<ArrayBuffer> {
  const memory = [...text('env'), ...text('memory'), 2, 0, 1];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map((each) => each.type()))),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, vector(functions.map((each) => each.body()))),
  ]);
}

export const integer = (value: number): Code => [0x41, ...signed(value)];
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const minus = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const atLeast = (a: Code, b: Code): Code => [...a, ...b, 0x4e];
export const equal = (a: Code, b: Code): Code => [...a, ...b, 0x46];
export const both = (a: Code, b: Code): Code => [...a, ...b, 0x71];

/** Adds to a variable. */
export const advance = (variable: Local, by: Code | number): Code =>
  variable.set(plus(variable.get, typeof by === 'number' ? integer(by) : by));

/** Until the count is zero; it is above that before. */
export const repeat = (count: Local, ...body: Code[]): Code => [
  ...[0x03, EMPTY],
  ...body.flat(),
  ...count.set(minus(count.get, integer(1))),
  ...[...count.get, 0x0d, 0, 0x0b],
];

export const when = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...[...condition, 0x04, EMPTY, ...then],
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];

/** Addresses are multiples of 16 bytes, those of single floats of 4. */
export const load = (address: Code, offset = 0): Code => [...address, ...simd(0), 4, ...unsigned(offset)];
export const loadSplat = (address: Code, offset = 0): Code => [...address, ...simd(9), 2, ...unsigned(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...[...simd(11), 4, ...unsigned(offset)],
];

/** Four times the same number. */
export const lanesOf = (value: number): Code => [
  ...simd(12),
  ...new Uint8Array(Float32Array.of(value, value, value, value).buffer),
];

export const add = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)];
export const subtract = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe5)];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)];
/** The larger one; one instruction on all processors, unlike `max`. NaN stays where it is in `a`. */
export const larger = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xeb)];
/** a * b + c, rounded once or twice, as the processor does it best. Relaxed SIMD. */
export const fused = (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x105)];
