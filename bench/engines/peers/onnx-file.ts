import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { NetworkCard } from '../../../models/card.ts';
import { root, stateFolder } from '../../../test/paths.ts';
import type { OnnxFile } from './onnx-runtime.ts';

/** As scripts/training-tests.sh makes it. */
const python = process.env.DEGRAIN_PYTHON ?? `${root}models/training/.venv/bin/python`;

/** The model for ONNX Runtime, written by the trainer's exporter the first time. */
export async function onnxFile(card: NetworkCard, published: string, half: boolean): Promise<OnnxFile> {
  const file = `${stateFolder}onnx/${card.id}-${card.version}${half ? '-f16' : ''}.onnx`;
  if (existsSync(file)) return file;
  await mkdir(`${stateFolder}onnx`, { recursive: true });
  const part = `${file}.part`;
  try {
    const options = ['-m', 'training', 'onnx', '--published', published, '--out', part];
    await promisify(execFile)(python, [...options, ...(half ? ['--float16'] : [])], { cwd: `${root}models` });
  } catch (failure) {
    const { stderr, message } = failure as { stderr?: string; message: string };
    const missing =
      `Expected a Python with models/training/requirements.txt but received: ${(stderr?.trim() || message).split('\n').at(-1)}. ` +
      '`npm run test:training` makes one, and DEGRAIN_PYTHON names another.';
    return { missing };
  }
  await rename(part, file);
  return file;
}
