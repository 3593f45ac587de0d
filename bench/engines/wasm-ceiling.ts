/** Chains of multiply-adds that wait for nothing but themselves: enough to hide the latency of either. */
const CHAINS = 12;
const LANES = 4;
const STEPS = 4_000_000;

/** Opcodes of the WebAssembly binary format, SIMD and relaxed SIMD. */
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const SPLAT = [0xfd, 0x13];
const ADD = [0xfd, 0xe4, 0x01];
const MULTIPLY = [0xfd, 0xe6, 0x01];
const FUSED = [0xfd, 0x85, 0x02];
const FIRST_LANE = [0xfd, 0x1f, 0x00];
const V128 = 0x7b;
const [I32, F32] = [0x7f, 0x7d];

/** Parameters: steps, factor. */
const [LEFT, FACTOR, FACTORS] = [0, 1, 2];
const chain = (i: number) => FACTORS + 1 + i;
const each = (code: (i: number) => number[]) => Array.from({ length: CHAINS }, (_, i) => code(i)).flat();
const get = (local: number) => [LOCAL_GET, local];
const set = (local: number) => [LOCAL_SET, local];

/** (steps: i32, factor: f32) => f32, which needs every chain. The factor is no constant, so that no compiler knows it. */
function module(fused: boolean): Uint8Array<ArrayBuffer> {
  const step = (i: number) =>
    fused
      ? [...get(chain(i)), ...get(FACTORS), ...get(FACTORS), ...FUSED, ...set(chain(i))]
      : [...get(chain(i)), ...get(FACTORS), ...MULTIPLY, ...get(FACTORS), ...ADD, ...set(chain(i))];
  const body = [
    ...[1, CHAINS + 1, V128],
    ...[...get(FACTOR), ...SPLAT, ...set(FACTORS)],
    // each another, or they would be one
    ...each((i) => [...(i === 0 ? get(FACTORS) : [...get(chain(i - 1)), ...get(FACTORS), ...ADD]), ...set(chain(i))]),
    ...[0x03, 0x40],
    ...each(step),
    ...[...get(LEFT), 0x41, 1, 0x6b, 0x22, LEFT, 0x0d, 0, 0x0b],
    ...each((i) => [...get(chain(i)), ...(i === 0 ? [] : ADD)]),
    ...[...FIRST_LANE, 0x0b],
  ];
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, F32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}

/**
 * 1e9 floating point operations per second of one thread's multiply-adds in registers: fused by relaxed SIMD, or as two
 * instructions. Undefined where the engine does not know the instruction.
 */
export async function wasmCeiling(fused: boolean): Promise<number | undefined> {
  const code = module(fused);
  if (!WebAssembly.validate(code)) return undefined;
  const { instance } = await WebAssembly.instantiate(code);
  const run = instance.exports.run as (steps: number, factor: number) => number;
  // until the optimised code has taken over
  for (let i = 0; i < 20; i++) run(STEPS / 100, 0.5);
  const ms = Array.from({ length: 7 }, () => {
    const started = performance.now();
    run(STEPS, 0.5);
    return performance.now() - started;
  });
  return (2 * CHAINS * LANES * STEPS) / (Math.min(...ms) * 1e6);
}
