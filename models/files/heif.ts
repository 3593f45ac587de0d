import { type ColourSpace, colourSpaceOf } from './colour.ts';

/** Boxes with the metadata come first; what follows is compressed pictures. */
const MOST_BYTES = 2 ** 16;

/** Primaries of H.273: those of sRGB, not told, and of Display P3; its curves: Rec. 709's, not told, and sRGB's. */
const PRIMARIES: Record<number, ColourSpace> = { 1: 'srgb', 2: 'srgb', 12: 'display-p3' };
const CURVES = [1, 2, 13];

/** The colours of an AVIF or HEIC, by its first `colr` box (ISO/IEC 14496-12, 12.1.5); sRGB where it doesn't say. */
export function colourSpaceOfHeif(file: Uint8Array): ColourSpace {
  const start = file.subarray(0, MOST_BYTES);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const letters = (at: number) => String.fromCharCode(...start.subarray(at, at + 4));
  if (letters(4) !== 'ftyp') return 'srgb';
  for (let at = start.indexOf(0x63); at >= 4; at = start.indexOf(0x63, at + 1)) {
    if (letters(at) !== 'colr' || at + 12 > start.length) continue;
    const kind = letters(at + 4);
    const size = view.getUint32(at - 4);
    if (kind === 'nclx') {
      return CURVES.includes(view.getUint16(at + 10)) ? (PRIMARIES[view.getUint16(at + 8)] ?? 'other') : 'other';
    }
    if (kind === 'prof' || kind === 'rICC') return colourSpaceOf(start.subarray(at + 8, at - 4 + size));
  }
  return 'srgb';
}
