import { readFileSync } from 'node:fs';
import { JpegCodec } from '../../../worker/jpeg/codec.ts';
import { root } from '../../paths.ts';

const compiled = (name: string) =>
  new WebAssembly.Module(readFileSync(`${root}node_modules/@jsquash/jpeg/codec/${name}.wasm`));

/** The codec with its binaries from the disk, where the worker has them from its upload. */
export const openCodec = () =>
  new JpegCodec({ decoder: compiled('dec/mozjpeg_dec'), encoder: compiled('enc/mozjpeg_enc') });
