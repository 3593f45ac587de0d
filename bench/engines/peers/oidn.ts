import type { OtherNetwork, Runner } from '../arm.ts';

/**
 * Open Image Denoise's U-Net for colour alone: 3x3 convolutions, by the scale at which they run, with their channels.
 * Half of its operations are at full resolution, where ours begins at half.
 */
const LAYERS: readonly (readonly [name: string, scale: number, input: number, output: number])[] = [
  ['enc_conv0', 1, 3, 32],
  ['enc_conv1', 1, 32, 32],
  ['enc_conv2', 2, 32, 48],
  ['enc_conv3', 4, 48, 64],
  ['enc_conv4', 8, 64, 80],
  ['enc_conv5a', 16, 80, 96],
  ['enc_conv5b', 16, 96, 96],
  ['dec_conv4a', 8, 96 + 64, 112],
  ['dec_conv4b', 8, 112, 112],
  ['dec_conv3a', 4, 112 + 48, 96],
  ['dec_conv3b', 4, 96, 96],
  ['dec_conv2a', 2, 96 + 32, 64],
  ['dec_conv2b', 2, 64, 64],
  ['dec_conv1a', 1, 64 + 3, 64],
  ['dec_conv1b', 1, 64, 32],
  ['dec_conv0', 1, 32, 3],
];

const TAPS = 9;

export const OIDN_NETWORK: OtherNetwork = {
  name: 'OIDN U-Net',
  inputChannels: 3,
  gmacsPerMegapixel:
    LAYERS.reduce((sum, [, scale, input, output]) => sum + (TAPS * input * output) / scale ** 2, 0) / 1000,
};

/** In float16, as they are published: random to gzip. */
export const OIDN_WEIGHT_BYTES = LAYERS.reduce((sum, [, , input, output]) => sum + 2 * (TAPS * input + 1) * output, 0);

/** As oidn-web's parser gives it: weights in float16. */
interface HostTensor {
  readonly desc: { dims: number[]; paddedDims: number[]; layout: string; dataType: string; getByteSize(): number };
  readonly data: Uint8Array;
}
interface OidnWeb {
  validateUNetModel(tensors: Map<string, HostTensor>): object;
  readonly NativeUNetExecutor: new (
    device: GPUDevice,
    model: object,
    options: { precision: 'auto' },
  ) => {
    prepare(): Promise<void>;
    executeCPU(input: Float32Array, width: number, height: number): Promise<Float32Array>;
    dispose(): void;
  };
}

/** As oidn-web opens a GPU of its own: with float16 where there is any. Its weights are no part of it: all are 1/1024. */
export async function openOidn(address: string, adapter: GPUAdapter): Promise<Runner> {
  const { validateUNetModel, NativeUNetExecutor }: OidnWeb = await import(/* @vite-ignore */ address);
  const { limits, features } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: features.has('shader-f16') ? ['shader-f16'] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const executor = new NativeUNetExecutor(device, validateUNetModel(weights()), { precision: 'auto' });
  await executor.prepare();
  return {
    run: (input, height, width) => executor.executeCPU(input, width, height),
    dispose() {
      executor.dispose();
      device.destroy();
    },
  };
}

function weights(): Map<string, HostTensor> {
  const tensors = new Map<string, HostTensor>();
  for (const [name, , input, output] of LAYERS) {
    tensors.set(`${name}.weight`, tensor([output, input, 3, 3], 'oihw'));
    tensors.set(`${name}.bias`, tensor([output], 'x'));
  }
  return tensors;
}

function tensor(dims: number[], layout: string): HostTensor {
  const halves = new Uint16Array(dims.reduce((product, side) => product * side, 1)).fill(0x1400);
  const data = new Uint8Array(halves.buffer);
  const desc = { dims, paddedDims: dims, layout, dataType: 'Float16', getByteSize: () => data.byteLength };
  return { desc, data };
}
