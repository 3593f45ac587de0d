/** PSNR in dB at sigma 15, 25 and 50; undefined where it is not reported. */
type Reported = readonly [sigma15: number | undefined, sigma25: number | undefined, sigma50: number | undefined];

export interface Method {
  readonly name: string;
  /** 1e6, and 1e9 multiply-accumulates for 256 x 256; missing for methods that are no networks. */
  readonly parameters?: number;
  readonly gmacs?: number;
  readonly sets: Readonly<Record<string, Reported>>;
}

export const REPORTED_SIGMAS = [15, 25, 50];

/** From the authors' repositories and figures; RED30's from the tables of MWCNN's authors. */
export const COLOUR_METHODS: readonly Method[] = [
  {
    name: 'CBM3D',
    sets: {
      CBSD68: [33.52, 30.71, 27.38],
      Kodak24: [34.28, 32.15, 28.46],
      McMaster: [34.06, 31.66, 28.51],
      Urban100: [33.93, 31.36, 27.93],
    },
  },
  {
    name: 'CDnCNN',
    parameters: 0.67,
    gmacs: 43.7,
    sets: {
      CBSD68: [33.9, 31.24, 27.95],
      Kodak24: [34.6, 32.14, 28.95],
      McMaster: [33.45, 31.52, 28.62],
      Urban100: [32.98, 30.81, 27.59],
    },
  },
  {
    name: 'IRCNN',
    parameters: 0.19,
    gmacs: 12.2,
    sets: {
      CBSD68: [33.86, 31.16, 27.86],
      Kodak24: [34.69, 32.18, 28.93],
      McMaster: [34.58, 32.18, 28.91],
      Urban100: [33.78, 31.2, 27.7],
    },
  },
  {
    name: 'FFDNet',
    parameters: 0.85,
    gmacs: 13.9,
    sets: {
      CBSD68: [33.87, 31.21, 27.96],
      Kodak24: [34.63, 32.13, 28.98],
      McMaster: [34.66, 32.35, 29.18],
      Urban100: [33.83, 31.4, 28.05],
    },
  },
  {
    name: 'BRDNet',
    sets: {
      CBSD68: [34.1, 31.43, 28.16],
      Kodak24: [34.88, 32.41, 29.22],
      McMaster: [35.08, 32.75, 29.52],
      Urban100: [34.42, 31.99, 28.56],
    },
  },
  {
    name: 'DRUNet',
    parameters: 32.6,
    gmacs: 139,
    sets: {
      CBSD68: [34.3, 31.69, 28.51],
      Kodak24: [35.31, 32.89, 29.86],
      McMaster: [35.4, 33.14, 30.08],
      Urban100: [34.81, 32.6, 29.61],
    },
  },
  {
    name: 'Restormer',
    parameters: 26,
    gmacs: 140,
    sets: {
      CBSD68: [34.4, 31.79, 28.6],
      Kodak24: [35.35, 32.93, 29.87],
      McMaster: [35.61, 33.34, 30.3],
      Urban100: [35.13, 32.96, 30.02],
    },
  },
  {
    name: 'Xformer',
    parameters: 25,
    sets: {
      CBSD68: [34.43, 31.82, 28.63],
      Kodak24: [35.39, 32.99, 29.94],
      McMaster: [35.68, 33.44, 30.38],
      Urban100: [35.29, 33.21, 30.36],
    },
  },
];

export const GREY_METHODS: readonly Method[] = [
  {
    name: 'BM3D',
    sets: { Set12: [32.37, 29.97, 26.72], BSD68: [31.08, 28.57, 25.6] },
  },
  {
    name: 'WNNM',
    sets: { Set12: [32.7, 30.28, 27.05], BSD68: [31.37, 28.83, 25.87] },
  },
  {
    name: 'RED30',
    parameters: 4.13,
    gmacs: 271,
    sets: { Set12: [undefined, undefined, 27.34], BSD68: [undefined, undefined, 26.35] },
  },
  {
    name: 'DnCNN-S',
    sets: { Set12: [32.86, 30.44, 27.18], BSD68: [31.73, 29.23, 26.23] },
  },
  {
    name: 'FFDNet',
    sets: { Set12: [32.75, 30.43, 27.32], BSD68: [31.63, 29.19, 26.29] },
  },
  {
    name: 'MWCNN',
    parameters: 16.1,
    gmacs: 57.9,
    sets: { Set12: [33.15, 30.79, 27.74], BSD68: [31.86, 29.41, 26.53] },
  },
  {
    name: 'DRUNet',
    sets: { Set12: [33.25, 30.94, 27.9], BSD68: [31.91, 29.48, 26.59] },
  },
  {
    name: 'Restormer',
    sets: { Set12: [33.42, 31.08, 28], BSD68: [31.96, 29.52, 26.62] },
  },
];

/** What a reader has to know to compare a set's published numbers with ours. */
export const NOTES: Readonly<Record<string, string>> = {
  Kodak24:
    'The published figures are on crops of 500 x 500; ours are on the whole images of 768 x 512, which read 0.11 to 0.12 dB higher.',
  Set12: "RED30's figures are those of MWCNN's authors; its own are on another set.",
  BSD68: "RED30's figures are those of MWCNN's authors; its own are on another set.",
};

export const REAL_SETS = ['SIDD benchmark', 'DND', 'CC15', 'PolyU'] as const;

/** PSNR in dB on cameras' noise; `unsure` where it is quoted at second hand. */
export interface RealMethod {
  readonly name: string;
  readonly psnr: Readonly<Partial<Record<(typeof REAL_SETS)[number], number | { readonly unsure: number }>>>;
}

export const REAL_METHODS: readonly RealMethod[] = [
  { name: 'noisy', psnr: { CC15: 33.41, PolyU: 35.97 } },
  { name: 'BM3D', psnr: { 'SIDD benchmark': 25.65, DND: 34.51 } },
  { name: 'CBM3D', psnr: { CC15: { unsure: 35.19 } } },
  { name: 'Nam', psnr: { CC15: 36.88 } },
  { name: 'MCWNNM', psnr: { CC15: { unsure: 37.7 } } },
  { name: 'TWSC', psnr: { CC15: { unsure: 37.81 }, PolyU: { unsure: 38.6 } } },
  { name: 'FFDNet, best single sigma', psnr: { CC15: 37.14, PolyU: 38.2 } },
  { name: 'CBDNet', psnr: { 'SIDD benchmark': 30.78, DND: 38.06 } },
  { name: 'PRIDNet', psnr: { DND: { unsure: 39.42 } } },
  { name: 'RIDNet', psnr: { 'SIDD benchmark': 38.71 } },
  { name: 'VDN', psnr: { 'SIDD benchmark': 39.28 } },
  { name: 'MPRNet', psnr: { 'SIDD benchmark': 39.71 } },
  { name: 'MIRNet', psnr: { 'SIDD benchmark': 39.72, DND: 39.88 } },
  { name: 'NAFNet, width 32', psnr: { 'SIDD benchmark': 39.97 } },
  { name: 'Restormer', psnr: { 'SIDD benchmark': 40.02, DND: 40.03 } },
  { name: 'NAFNet, width 64', psnr: { 'SIDD benchmark': 40.31 } },
  { name: 'CGNet', psnr: { 'SIDD benchmark': 40.39 } },
];
