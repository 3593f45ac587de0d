/** Colorants in XYZ at D50, rows red, green and blue. */
export const SRGB = [0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.7141];
export const DISPLAY_P3 = [0.51512, 0.2412, -0.00105, 0.29198, 0.69225, 0.04189, 0.1571, 0.06657, 0.78407];
export const ADOBE_RGB = [0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457];

/** sRGB's curve as a parametricCurveType. */
export const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

/** A matrix profile of version 4, as short as colour management takes one. */
export function makeProfile(
  colorants: readonly number[],
  curve: readonly number[] = SRGB_CURVE,
): Uint8Array<ArrayBuffer> {
  const tags = ['wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'];
  const tables = 128 + 4 + tags.length * 12;
  const [points, curves] = [tables, tables + 4 * 20];
  const curveBytes = 12 + 4 * curve.length;
  const bytes = new Uint8Array(curves + curveBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => bytes.set(Buffer.from(letters, 'latin1'), at);
  const fixed = (at: number, value: number) => view.setInt32(at, Math.round(value * 65536));
  view.setUint32(0, bytes.length);
  view.setUint32(8, 0x04400000);
  text(12, 'mntrRGB XYZ ');
  text(36, 'acsp');
  [0.9642, 1, 0.8249].forEach((value, i) => fixed(68 + 4 * i, value));
  view.setUint32(128, tags.length);
  tags.forEach((tag, i) => {
    const entry = 132 + 12 * i;
    text(entry, tag);
    view.setUint32(entry + 4, i < 4 ? points + 20 * i : curves);
    view.setUint32(entry + 8, i < 4 ? 20 : curveBytes);
  });
  [[0.9642, 1, 0.8249], colorants.slice(0, 3), colorants.slice(3, 6), colorants.slice(6)].forEach((xyz, i) => {
    text(points + 20 * i, 'XYZ ');
    xyz.forEach((value, c) => fixed(points + 20 * i + 8 + 4 * c, value));
  });
  text(curves, 'para');
  view.setUint16(curves + 8, curve.length === 1 ? 0 : 3);
  curve.forEach((value, i) => fixed(curves + 12 + 4 * i, value));
  return bytes;
}

/** EXIF of one entry, the orientation. */
export function makeExif(orientation: number, order: 'II' | 'MM' = 'II'): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(26));
  const little = order === 'II';
  view.setUint16(0, order === 'II' ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, orientation, little);
  return new Uint8Array(view.buffer);
}
