const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;
/** As it is stored. */
const UPRIGHT = 1;

/** How the stored pixels lie, 1 to 8, from EXIF's TIFF header on (CIPA DC-008, 4.6.5.A); 1 where it doesn't say. */
export function orientationOf(exif: Uint8Array): number {
  const { view, at, little } = findOrientation(exif) ?? {};
  const value = at === undefined ? UPRIGHT : (view?.getUint16(at, little) ?? UPRIGHT);
  return value >= 1 && value <= 8 ? value : UPRIGHT;
}

/** Says, in place, that the pixels are stored upright: for who turns them, so that nobody turns them again. */
export function markUpright(exif: Uint8Array): void {
  const found = findOrientation(exif);
  if (found) found.view.setUint16(found.at, UPRIGHT, found.little);
}

function findOrientation(exif: Uint8Array): { view: DataView; at: number; little: boolean } | undefined {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = exif.length < 8 ? '' : String.fromCharCode(view.getUint8(0), view.getUint8(1));
  if (order !== 'II' && order !== 'MM') return undefined;
  const little = order === 'II';
  const start = view.getUint32(4, little);
  if (start + 2 > exif.length) return undefined;
  const count = view.getUint16(start, little);
  for (let i = 0; i < count; i++) {
    const entry = start + 2 + i * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > exif.length) return undefined;
    const isIt = view.getUint16(entry, little) === ORIENTATION && view.getUint16(entry + 2, little) === SHORT;
    if (isIt) return { view, at: entry + 8, little };
  }
  return undefined;
}

const X_RESOLUTION = 0x011a;
const Y_RESOLUTION = 0x011b;
const RESOLUTION_UNIT = 0x0128;
const RATIONAL = 5;
const CENTIMETRE = 3;

/** EXIF that says nothing but the resolution of a PNG's pHYs: for formats without a place of their own for it. */
export function exifOfResolution(pixels: Uint8Array): Uint8Array | undefined {
  const from = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const isMetre = pixels[8] === 1;
  if (!isMetre) return undefined;
  const view = new DataView(new ArrayBuffer(8 + 2 + 3 * ENTRY_BYTES + 4 + 16));
  const rationals = 8 + 2 + 3 * ENTRY_BYTES + 4;
  view.setUint32(0, 0x4d4d002a); // 'MM', 42: the high byte first
  view.setUint32(4, 8);
  view.setUint16(8, 3);
  const entries = [
    [X_RESOLUTION, RATIONAL, rationals],
    [Y_RESOLUTION, RATIONAL, rationals + 8],
    [RESOLUTION_UNIT, SHORT, CENTIMETRE << 16],
  ] as const;
  for (const [i, [tag, type, value]] of entries.entries()) {
    const entry = 10 + i * ENTRY_BYTES;
    view.setUint16(entry, tag);
    view.setUint16(entry + 2, type);
    view.setUint32(entry + 4, 1);
    view.setUint32(entry + 8, value);
  }
  for (const i of [0, 1]) {
    view.setUint32(rationals + 8 * i, from.getUint32(4 * i));
    view.setUint32(rationals + 8 * i + 4, 100);
  }
  return new Uint8Array(view.buffer);
}
