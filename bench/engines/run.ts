/**
 * Our engines beside ONNX Runtime Web, TF.js and oidn-web: `npm run bench:engines`, on Dawn in Node with whatever GPU
 * Vulkan, Metal or Direct3D finds; with `-- --chromium` in headless Chromium, where WebAssembly has threads and the GPU
 * is emulated on the processor.
 */
import { parseArgs } from 'node:util';
import { numberOption, runCommand } from '../../cli/command.ts';
import { findPublished, loadFiles } from '../../cli/published.ts';
import { isSoftware } from '../../client/engine/gpu.ts';
import { precisionOf } from '../../models/card.ts';
import type { ModelFiles } from '../../models/engine.ts';
import { goldenOf } from '../../test/models/published.ts';
import { otherWork, writeBetween } from '../table.ts';
import type { Arm } from './arm.ts';
import { downloadsOf } from './downloads.ts';
import { installPeers } from './peers/install.ts';
import { onnxFile } from './peers/onnx-file.ts';
import { layerTable, report } from './report.ts';
import type { Outcome, Request } from './session.ts';

const HELP = `Usage: npm run bench:engines -- [--model fast] [--sides 256,512,1024] [--rounds 30] [--only "wgsl,ORT webgpu"]
                                    [--photo 12] [--on gpu|wasm] [--f16 | --chromium] [--write]`;

const SIDES = [256, 512, 1024];
/** On an emulated GPU: seconds. */
const EMULATED_SIDES = [64];
const GROUPS = ['gpu', 'wasm'] as const;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      model: { type: 'string', default: 'fast' },
      sides: { type: 'string' },
      rounds: { type: 'string', default: '30' },
      on: { type: 'string' },
      only: { type: 'string' },
      photo: { type: 'string' },
      // not by itself: on some drivers Dawn in Node ends the process over it
      f16: { type: 'boolean', default: false },
      chromium: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { path, card } = await findPublished(values.model);
  if (card.family === 'filter') throw new Error(`Expected a network but ${card.id} is a filter`);
  const precision = precisionOf(card, 'q8');
  const files = await loadFiles(path, card, precision);
  const other = otherWork();
  await installPeers();
  const single = await onnxFile(card, path, false);
  const half = values.f16 ? await onnxFile(card, path, true) : { missing: 'see --f16' };
  const onnx = { single, half };
  const node = values.chromium ? undefined : await import('./in-node.ts');
  const adapter = await node?.adapterInNode().catch(() => undefined);
  const isHardware = adapter !== undefined && !isSoftware(adapter.info);
  const on = GROUPS.filter((on) => (values.on ?? on) === on);
  if (on.length === 0) throw new Error(`Expected --on ${GROUPS.join(' or ')} but received ${values.on}`);
  const asked = values.sides?.split(',').map((side) => numberOption('sides', side, 16, 4096));
  const request: Request = {
    golden: goldenOf(`${card.id}@${card.version}`),
    precision,
    inputChannels: card.channels.input + (card.sigma.kind === 'map' ? 1 : 0),
    outputChannels: card.channels.output,
    sides: { gpu: asked ?? (isHardware ? SIDES : EMULATED_SIDES), wasm: asked ?? SIDES },
    rounds: numberOption('rounds', values.rounds, 1, 1000),
    on,
    only: values.only?.split(',').map((name) => name.trim()) ?? [],
    f16: values.f16,
    photo: values.photo ? numberOption('photo', values.photo, 1, 100) : 0,
  };
  const outcome = node
    ? await node.measureInNode(files, request, onnx)
    : await (await import('./in-chromium.ts')).measureInChromium(files, request, onnx);
  const downloads = await downloadsOf(card, path, precision, onnx);
  const where = node ? `Node ${process.versions.node}` : 'headless Chromium';
  for (const on of request.on) {
    const part = partOf(outcome, on);
    if (part.found.measurements.length + part.found.refusals.length === 0) continue;
    const texts = [report(`\`${card.id}@${card.version}\` in ${where}`, part, on, files, downloads, other)];
    if (on === 'gpu' && node && adapter && request.only.length === 0) {
      texts.push(...(await layerTables(files, request, node.adapterInNode)));
    }
    const text = texts.join('\n\n');
    console.log(`\n${text}`);
    if (values.write && !node) await writeBetween('performance.md', `engines-chromium-${on}`, text);
    if (values.write && on === 'gpu' && isHardware) await writeBetween('performance.md', 'engines-node-gpu', text);
  }
  return 0;
}

function partOf(outcome: Outcome, on: Arm['on']): Outcome {
  const isOn = (row: { readonly on: Arm['on'] }) => row.on === on;
  const { measurements, refusals } = outcome.found;
  return {
    ...outcome,
    found: { measurements: measurements.filter(isOn), refusals: refusals.filter(isOn) },
    photo: outcome.photo.filter(isOn),
  };
}

async function layerTables(files: ModelFiles, { sides, rounds, f16 }: Request, adapter: () => Promise<GPUAdapter>) {
  const { measureLayers } = await import('./layers.ts');
  const side = sides.gpu.at(-1) ?? 256;
  const texts: string[] = [];
  for (const arithmetic of f16 ? (['f32', 'f16'] as const) : (['f32'] as const)) {
    const layers = await measureLayers(await adapter(), files, arithmetic, side, Math.min(rounds, 10));
    texts.push(`Our layers in ${arithmetic}, per megapixel, from ${side} x ${side} px:\n\n${layerTable(layers)}`);
  }
  return texts;
}

await runCommand(main);
