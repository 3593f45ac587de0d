import type { Runner } from '../arm.ts';

/** The ONNX files, or why there is none; that in float16 where it is asked for. */
export interface OnnxFiles {
  readonly single: OnnxFile;
  readonly half: OnnxFile;
}
export type OnnxFile = string | { readonly missing: string };

export function presentFile(file: OnnxFile): string {
  if (typeof file === 'string') return file;
  throw new Error(file.missing);
}

/** What is used of onnxruntime-web, which is not installed where types are checked. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<Session>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
}
interface OrtTensor {
  getData(): Promise<Float32Array>;
  dispose(): void;
}
interface Session {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** ONNX Runtime Web as its documentation says, with the names that `python -m training onnx` gives. */
export async function openOnnxRuntime(
  address: string,
  model: Promise<Uint8Array>,
  provider: 'webgpu' | 'wasm',
  threads: number,
): Promise<Runner> {
  const bytes = await model;
  const { env, InferenceSession, Tensor }: OnnxRuntime = await import(/* @vite-ignore */ address);
  env.wasm.numThreads = threads;
  // it warns of shape operations that it leaves on the processor
  env.logLevel = 'error';
  const session = await InferenceSession.create(bytes, { executionProviders: [provider] });
  return {
    layout: 'NCHW',
    async run(input, height, width) {
      const channels = input.length / (height * width);
      const { denoised } = await session.run({ image: new Tensor('float32', input, [1, channels, height, width]) });
      if (!denoised) throw new Error("Expected an output named 'denoised'");
      const values = await denoised.getData();
      denoised.dispose();
      return values;
    },
    dispose: () => void session.release(),
  };
}
