import decoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import encoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';

/** Compiled when the worker is uploaded: the edge compiles nothing. */
export const binaries = { decoder, encoder };
