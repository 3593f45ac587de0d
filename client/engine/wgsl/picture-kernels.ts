import cut from './kernels/cut.wgsl?raw';
import picture from './kernels/picture.wgsl?raw';
import residual from './kernels/residual.wgsl?raw';

/** What runs before the network and after it. The same for all networks: what differs is in a uniform. */
export interface PictureKernels {
  readonly cut: GPUComputePipeline;
  readonly residual: GPUComputePipeline;
}

/** Cells of a workgroup, as cut.wgsl and residual.wgsl have them. */
const COLUMNS = 16;
const ROWS = 8;

export async function buildPictureKernels(device: GPUDevice): Promise<PictureKernels> {
  const compile = (code: string) => {
    const module = device.createShaderModule({ code: `${picture}\n${code}` });
    return device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  };
  const [forCut, forResidual] = await Promise.all([compile(cut), compile(residual)]);
  return { cut: forCut, residual: forResidual };
}

/** Workgroups for `width` x `height` values. */
export const gridOf = (width: number, height: number) =>
  [Math.ceil(width / COLUMNS), Math.ceil(height / ROWS), 1] as const;
