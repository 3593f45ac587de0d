import { parse, type Spec, View } from 'vega';
import { type Line, PLOTTED_SET, PLOTTED_SIGMA, type Point } from './plotted.ts';

const WIDTH = 560; // px
const HEIGHT = 340;
/** Beside the lines, for their names. */
const MARGIN = 110;

const OURS = '#1f6feb';
const OTHERS = '#767b84';
const INK = '#333333';

/** SVG. */
export async function costPlot(points: readonly Point[]): Promise<string> {
  return await draw({
    ...frame(WIDTH),
    data: [{ name: 'points', values: [...points] }],
    scales: [
      { name: 'x', type: 'log', domain: { data: 'points', field: 'gmacs' }, padding: 20, range: [0, WIDTH] },
      { name: 'y', domain: { data: 'points', field: 'psnr' }, zero: false, padding: 15, range: [HEIGHT, 0] },
    ],
    axes: axes('GMACs at 256 x 256', `PSNR in dB, ${PLOTTED_SET}, sigma ${PLOTTED_SIGMA}`, COSTS),
    marks: [
      {
        type: 'symbol',
        from: { data: 'points' },
        encode: { enter: { ...at('gmacs', 'psnr'), size: { value: 60 }, fill: colour } },
      },
      {
        type: 'text',
        from: { data: 'points' },
        encode: { enter: { ...at('gmacs', 'psnr'), text: { field: 'name' }, fill: colour, fontSize: { value: 12 } } },
        transform: [
          {
            type: 'label',
            size: [WIDTH, HEIGHT],
            anchor: ['right', 'left', 'top', 'bottom', 'top-right', 'bottom-right', 'top-left', 'bottom-left'],
            offset: [7],
          },
        ],
      },
    ],
  });
}

/** SVG. */
export async function noisePlot(lines: readonly Line[]): Promise<string> {
  const values = lines.flatMap(({ name, ours, points }) => points.map((point) => ({ ...point, name, ours })));
  const [low, high] = [
    Math.floor(Math.min(...values.map(({ psnr }) => psnr))),
    Math.ceil(Math.max(...values.map(({ psnr }) => psnr))),
  ];
  const right = lines.map(({ name, ours, points }) => {
    const last = points.at(-1) as Line['points'][number];
    return { name, ours, sigma: last.sigma, y: (HEIGHT * (high - last.psnr)) / (high - low) };
  });
  return await draw({
    ...frame(WIDTH + MARGIN),
    data: [
      { name: 'points', values },
      { name: 'names', values: spread(right) },
    ],
    scales: [
      { name: 'x', domain: { data: 'points', field: 'sigma' }, zero: false, range: [0, WIDTH] },
      { name: 'y', domain: [low, high], zero: false, range: [HEIGHT, 0] },
    ],
    axes: axes('sigma', `PSNR in dB, ${PLOTTED_SET}`),
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: 'name' } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: { enter: { ...at('sigma', 'psnr'), stroke: colour, strokeWidth: { value: 2 } } },
          },
          {
            type: 'symbol',
            from: { data: 'line' },
            encode: { enter: { ...at('sigma', 'psnr'), fill: colour, size: { value: 25 } } },
          },
        ],
      },
      {
        type: 'text',
        from: { data: 'names' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'sigma', offset: 8 },
            y: { field: 'y' },
            text: { field: 'name' },
            baseline: { value: 'middle' },
            fill: colour,
            fontSize: { value: 12 },
          },
        },
      },
    ],
  });
}

const LINE_HEIGHT = 14; // px

/** Names of lines that end close together, moved apart: up from the bottom, then down from the top. */
function spread<Name extends { readonly y: number }>(names: readonly Name[]): Name[] {
  const sorted = [...names].sort((a, b) => b.y - a.y);
  let below = HEIGHT + LINE_HEIGHT;
  const up = sorted.map(({ y }) => {
    below = Math.min(y, below - LINE_HEIGHT);
    return below;
  });
  let above = -LINE_HEIGHT;
  const down = up.reverse().map((y) => {
    above = Math.max(y, above + LINE_HEIGHT);
    return above;
  });
  return sorted.reverse().map((name, i) => ({ ...name, y: down[i] as number }));
}

const colour = { signal: `datum.ours ? '${OURS}' : '${OTHERS}'` };

const at = (x: string, y: string) => ({ x: { scale: 'x', field: x }, y: { scale: 'y', field: y } });

function frame(width: number): Spec {
  return { width, height: HEIGHT, padding: 12, background: 'white', config: { text: { font: 'sans-serif' } } };
}

/** Where the logarithmic axis is labelled, as far as it goes. */
const COSTS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function axes(x: string, y: string, values?: number[]): NonNullable<Spec['axes']> {
  const look = {
    grid: true,
    gridColor: '#eeeeee',
    domain: false,
    ticks: false,
    labelColor: INK,
    titleColor: INK,
    titleFontWeight: 'normal',
    titlePadding: 10,
    labelPadding: 6,
  } as const;
  return [
    { orient: 'bottom', scale: 'x', title: x, tickCount: 6, ...(values && { values }), ...look },
    { orient: 'left', scale: 'y', title: y, tickCount: 6, ...look },
  ];
}

async function draw(spec: Spec): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}
