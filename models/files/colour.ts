/** The colour spaces that canvases know; `other` is any else, wide or not. */
export type ColourSpace = 'srgb' | 'display-p3' | 'other';

/** Red, green and blue of the two in XYZ, adapted to D50, as profiles have them (ICC.1:2022, 9.2.44). */
const COLORANTS = {
  srgb: [0.436, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141],
  'display-p3': [0.5151, 0.2412, -0.0011, 0.292, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841],
} as const;
const COLORANT_TOLERANCE = 0.003;

/** Both have sRGB's curve: [coded, linear]. */
const CURVE = [
  [0.03, 0.00232],
  [0.1, 0.01002],
  [0.5, 0.21404],
  [0.8, 0.60383],
] as const;
const CURVE_TOLERANCE = 0.002;

const TAGS_AT = 128;
const TAG_BYTES = 12;

/** Which space an ICC profile describes. */
export function colourSpaceOf(profile: Uint8Array): ColourSpace {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  try {
    const tag = (name: string) => findTag(view, name);
    const colorants = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => {
      const at = tag(name);
      return at === undefined ? [] : [8, 12, 16].map((offset) => fixed(view, at + offset));
    });
    const curves = ['rTRC', 'gTRC', 'bTRC'].map(tag);
    const isCoded = curves.every((at) => at !== undefined && hasCurve(view, at));
    const fits = (space: keyof typeof COLORANTS) =>
      COLORANTS[space].every((value, i) => Math.abs(value - (colorants[i] ?? 9)) < COLORANT_TOLERANCE);
    if (!isCoded) return 'other';
    return fits('srgb') ? 'srgb' : fits('display-p3') ? 'display-p3' : 'other';
  } catch (outside) {
    // a profile that points beyond its end
    if (outside instanceof RangeError) return 'other';
    throw outside;
  }
}

const letters = (view: DataView, at: number) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

function findTag(view: DataView, name: string): number | undefined {
  const count = view.getUint32(TAGS_AT);
  for (let i = 0; i < Math.min(count, 100); i++) {
    const entry = TAGS_AT + 4 + i * TAG_BYTES;
    if (letters(view, entry) === name) return view.getUint32(entry + 4);
  }
  return undefined;
}

/** s15Fixed16Number. */
const fixed = (view: DataView, at: number) => view.getInt32(at) / 65536;

const hasCurve = (view: DataView, at: number) =>
  CURVE.every(([coded, linear]) => Math.abs(curveAt(view, at, coded) - linear) < CURVE_TOLERANCE);

/** Linear light of a coded value, by a curveType or a parametricCurveType (10.6, 10.18). */
function curveAt(view: DataView, at: number, x: number): number {
  if (letters(view, at) === 'curv') {
    const count = view.getUint32(at + 8);
    if (count === 0) return x;
    if (count === 1) return x ** (view.getUint16(at + 12) / 256);
    const place = x * (count - 1);
    const entry = (i: number) => view.getUint16(at + 12 + 2 * Math.min(i, count - 1)) / 65535;
    const below = Math.floor(place);
    return entry(below) + (place - below) * (entry(below + 1) - entry(below));
  }
  if (letters(view, at) !== 'para') return Number.NaN;
  const kind = view.getUint16(at + 8);
  const parameter = (i: number) => fixed(view, at + 12 + 4 * i);
  const g = parameter(0);
  if (kind === 0) return x ** g;
  const power = () => (parameter(1) * x + parameter(2)) ** g;
  if (kind === 3) return x >= parameter(4) ? power() : parameter(3) * x;
  if (kind === 4) return x >= parameter(4) ? power() + parameter(5) : parameter(3) * x + parameter(6);
  return Number.NaN;
}
