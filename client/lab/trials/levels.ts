/** How the levels of a kind of noise are laid out on a slider and an axis. */
export interface LevelScale {
  /** Ends of the slider: the range that shows something. The field beside it takes all that the kind allows. */
  readonly from: number;
  readonly to: number;
  readonly logarithmic: boolean;
  readonly step: number;
}

const linear = (from: number, to: number, step: number): LevelScale => ({ from, to, step, logarithmic: false });
const logarithmic = (from: number, to: number, step: number): LevelScale => ({ from, to, step, logarithmic: true });

const SCALES: Readonly<Record<string, LevelScale>> = {
  gaussian: linear(0, 100, 1),
  'noise-factor': linear(0, 1.5, 0.05),
  poisson: logarithmic(1, 2000, 1),
  camera: logarithmic(100, 25_600, 100),
  speckle: linear(0, 150, 1),
  'salt-and-pepper': logarithmic(0.005, 0.5, 0.005),
  quantisation: logarithmic(2, 128, 1),
  jpeg: linear(1, 100, 1),
};

export const scaleOf = (noise: string): LevelScale => SCALES[noise] ?? linear(0, 100, 1);

/** Places of the slider: 0..PLACES. */
export const PLACES = 200;

export function levelAt(place: number, { from, to, step, logarithmic }: LevelScale): number {
  const part = place / PLACES;
  const level = logarithmic ? from * (to / from) ** part : from + (to - from) * part;
  const rounded = Math.round(level / step) * step;
  return Number(Math.min(to, Math.max(from, rounded)).toPrecision(6));
}

export function placeOf(level: number, { from, to, logarithmic }: LevelScale): number {
  const inside = Math.min(to, Math.max(from, level));
  const part = logarithmic ? Math.log(inside / from) / Math.log(to / from) : (inside - from) / (to - from);
  return Math.round(part * PLACES);
}
