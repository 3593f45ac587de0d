import { sha256 } from '../../sha256.ts';
import type { Network } from '../layers/network.ts';
import { defaultBuild, kernelOf } from './kernel.ts';

/**
 * What a choice holds for: this GPU in this version of this browser, and networks with the same layers in the same
 * kernels. Another driver does not show; a choice that it makes wrong fails the self-test.
 */
export async function choiceKey({ info, features }: GPUAdapter, network: Network, userAgent: string): Promise<string> {
  const { vendor, architecture } = info;
  const code = network.layers.map((layer) => kernelOf(network, layer, defaultBuild(vendor)).code).join('\n');
  const f16 = features.has('shader-f16') ? 'f16' : '';
  const kernels = (await sha256(new TextEncoder().encode(code))).slice(0, 16);
  return [vendor, architecture, browserOf(userAgent), f16, kernels].join(' ');
}

/** Name and major version. All browsers of iOS say Version; what says nothing known is one browser for ever. */
function browserOf(userAgent: string): string {
  return /(Firefox|Edg|Chrome|Version)\/\d+/.exec(userAgent)?.[0] ?? '';
}
