import type { ModelFiles } from '../../models/engine.ts';
import type { Arm, Host } from './arm.ts';
import { OIDN_NETWORK, openOidn } from './peers/oidn.ts';
import { openOnnxRuntime } from './peers/onnx-runtime.ts';
import { openStockWebgpu } from './peers/tfjs.ts';

const ORT_WEBGPU = 'onnxruntime-web/dist/ort.webgpu.bundle.min.mjs';

/** All that runs side by side: ours, then the peers. What cannot be opened says so in its row. */
export const armsOf = (host: Host, files: ModelFiles): Arm[] => [
  { name: 'wgsl', on: 'gpu', open: async () => (await ourWgsl())(await host.adapter(), files, []) },
  {
    name: 'wgsl f16',
    on: 'gpu',
    half: true,
    open: async () => (await ourWgsl())(await host.adapter(), files, [], { arithmetic: 'f16' }),
  },
  { name: 'tfjs-webgpu', on: 'gpu', open: async () => (await ourWebgpu())(await host.adapter(), files, []) },
  { name: 'wasm', on: 'wasm', open: () => host.openWasm(files, 1) },
  { name: 'wasm 2', on: 'wasm', threads: 2, open: () => host.openWasm(files, 2) },
  { name: 'TF.js webgpu', on: 'gpu', weights: 'f16', open: () => openStockWebgpu(host.model, files.card) },
  {
    name: 'ORT webgpu',
    on: 'gpu',
    weights: 'f16',
    open: () => openOnnxRuntime(host.peer(ORT_WEBGPU), host.onnx(false), 'webgpu', 1),
  },
  {
    name: 'ORT webgpu f16',
    on: 'gpu',
    half: true,
    weights: 'f16',
    open: () => openOnnxRuntime(host.peer(ORT_WEBGPU), host.onnx(true), 'webgpu', 1),
  },
  {
    name: 'oidn-web',
    on: 'gpu',
    network: OIDN_NETWORK,
    open: async () => openOidn(host.peer('oidn-web/dist/oidn.js'), await host.adapter()),
  },
  ...[1, 2].flatMap((threads): Arm[] => [
    { name: `TF.js wasm ${threads}`, on: 'wasm', threads, weights: 'f16', open: () => host.openTfjsWasm(threads) },
    {
      name: `ORT wasm ${threads}`,
      on: 'wasm',
      weights: 'f16',
      threads,
      open: () => openOnnxRuntime(host.ortWasm(threads), host.onnx(false), 'wasm', threads),
    },
  ]),
];

// late: shaders need their loader in Node
const ourWgsl = async () => (await import('../../client/engine/wgsl/engine.ts')).openWgsl;
const ourWebgpu = async () => (await import('../../client/engine/webgpu.ts')).openWebgpu;
