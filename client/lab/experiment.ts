/** Everything that makes an experiment what it is. A link carries the part of one tab: see link.ts. */
export interface Experiment {
  readonly tab: Tab;
  readonly bench: BenchSetup;
  readonly digits: DigitsSetup;
  readonly latent: LatentSetup;
}

export const TABS = ['bench', 'digits', 'latent'] as const;
export type Tab = (typeof TABS)[number];

/** Pictures that the page paints itself; `own` is the visitor's, which no link can carry. */
export const PICTURES = ['scene', 'chart', 'own'] as const;
/** px of the longest side; 0 leaves it as it is. */
export const SIDES = [128, 192, 256, 384, 512, 768, 0] as const;
/** What the cards show: the picture, what was removed from the noisy one, or what still differs from the clean one. */
export const VIEWS = ['picture', 'removed', 'error'] as const;
export type View = (typeof VIEWS)[number];
export const ZOOMS = [2, 4, 8, 16] as const;

export interface BenchSetup {
  readonly picture: (typeof PICTURES)[number];
  readonly side: (typeof SIDES)[number];
  /** Of NOISE_KINDS. */
  readonly noise: string;
  readonly level: number;
  readonly seed: number;
  /** Whether those that want to know are told how strong the noise is, or estimate it as they do with photographs. */
  readonly sigma: 'told' | 'estimated';
  readonly models: readonly string[];
  readonly view: View;
  /** Of the loupe: the middle of what it shows, as parts of width and height. */
  readonly x: number;
  readonly y: number;
  readonly zoom: (typeof ZOOMS)[number];
}

export const DATA_SETS = ['mnist', 'fashion'] as const;
export type DataSet = (typeof DATA_SETS)[number];

export const FACTORS = [0, 0.3, 0.5, 0.8] as const;

export interface DigitsSetup {
  readonly data: DataSet;
  /** Of EXAMPLES; `own` is what was drawn, which no link carries. */
  readonly example: string;
  readonly factor: (typeof FACTORS)[number];
  readonly seed: number;
}

export interface LatentSetup {
  readonly data: DataSet;
  /** The point of the plane: how far along its two directions. */
  readonly x: number;
  readonly y: number;
  /** The code at the plane's middle; missing numbers are 0. */
  readonly base: readonly number[];
  /** The ends of the walk: names of EXAMPLES, or `own`. */
  readonly from: string;
  readonly to: string;
  readonly seed: number;
}

export const FIRST: Experiment = {
  tab: 'bench',
  bench: {
    picture: 'scene',
    side: 384,
    noise: 'gaussian',
    level: 25,
    seed: 1,
    sigma: 'told',
    models: ['gaussian', 'median', 'nlm', 'fast'],
    view: 'picture',
    x: 0.35,
    y: 0.72,
    zoom: 4,
  },
  digits: { data: 'mnist', example: '3', factor: 0.5, seed: 1 },
  latent: { data: 'mnist', x: 0, y: 0, base: [], from: '3', to: '8', seed: 1 },
};
