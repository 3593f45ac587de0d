import { sfc32 } from '../../models/noise/random.ts';

type Context = OffscreenCanvasRenderingContext2D;

/** Ridges from far to near: colour, height above the shore, roughness; all as parts of the height. */
const RIDGES = [
  { colour: '#b58a8f', base: 0.17, rise: 0.2, seed: 3 },
  { colour: '#8a6a80', base: 0.1, rise: 0.17, seed: 14 },
  { colour: '#574a6b', base: 0.05, rise: 0.12, seed: 15 },
  { colour: '#2e2f4a', base: 0.015, rise: 0.06, seed: 92 },
] as const;

/** A lake at dusk: smooth skies, hard edges and fine detail, everything that a denoiser has to tell from noise. */
export function paintScene(context: Context, width: number, height: number): void {
  const shore = height * 0.62;
  paintSky(context, width, shore);
  for (const ridge of RIDGES) paintRidge(context, width, height, shore, ridge);
  paintTrees(context, width, shore, height);
  paintWater(context, width, height, shore);
  paintBoat(context, width * 0.33, height * 0.8, height * 0.11);
}

function paintSky(context: Context, width: number, shore: number): void {
  const sky = context.createLinearGradient(0, 0, 0, shore);
  for (const [at, colour] of [
    [0, '#27355e'],
    [0.3, '#8c6f92'],
    [0.55, '#e3a079'],
    [1, '#f7d9a0'],
  ] as const) {
    sky.addColorStop(at, colour);
  }
  context.fillStyle = sky;
  context.fillRect(0, 0, width, shore + 1);
  const sun = { x: width * 0.66, y: shore * 0.36, radius: shore * 0.075 };
  const glow = context.createRadialGradient(sun.x, sun.y, sun.radius, sun.x, sun.y, sun.radius * 7);
  glow.addColorStop(0, 'rgb(255 236 190 / 0.7)');
  glow.addColorStop(1, 'rgb(255 236 190 / 0)');
  context.fillStyle = glow;
  context.fillRect(0, 0, width, shore);
  context.fillStyle = '#fff3d2';
  context.beginPath();
  context.arc(sun.x, sun.y, sun.radius, 0, 2 * Math.PI);
  context.fill();
  const random = sfc32(41);
  for (let i = 0; i < 26; i++) {
    const [x, y] = [random() * width, (0.12 + random() * 0.4) * shore];
    context.fillStyle = `rgb(255 214 190 / ${0.05 + random() * 0.1})`;
    context.beginPath();
    context.ellipse(x, y, width * (0.05 + random() * 0.13), shore * (0.004 + random() * 0.011), 0, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintRidge(
  context: Context,
  width: number,
  height: number,
  shore: number,
  { colour, base, rise, seed }: (typeof RIDGES)[number],
): void {
  const heights = midpoints(sfc32(seed), 9);
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(0, shore);
  heights.forEach((value, i) => {
    context.lineTo((i / (heights.length - 1)) * width, shore - height * (base + rise * value));
  });
  context.lineTo(width, shore);
  context.fill();
}

/** A rough line: halves of halves are moved up or down, each time by less. About 0..1. */
function midpoints(random: () => number, levels: number): number[] {
  let line = [random(), random()];
  for (let level = 0, size = 0.5; level < levels; level++, size *= 0.52) {
    line = line.flatMap((value, i) => {
      const next = line[i + 1];
      return next === undefined ? [value] : [value, (value + next) / 2 + (random() - 0.5) * size];
    });
  }
  return line.map((value) => Math.max(0, value));
}

function paintTrees(context: Context, width: number, shore: number, height: number): void {
  const random = sfc32(27);
  context.fillStyle = '#171b2b';
  context.fillRect(0, shore - height * 0.008, width, height * 0.008);
  for (let i = 0; i < 190; i++) {
    const x = random() * width;
    const nearEdge = Math.abs(x / width - 0.55) * 1.6;
    const tall = height * (0.015 + (0.03 + 0.16 * nearEdge ** 2) * random());
    for (let row = 0; row < 6; row++) {
      const top = shore - tall + (tall * row) / 7;
      const half = (tall * (row + 1.2)) / 34;
      context.beginPath();
      context.moveTo(x, top - tall / 9);
      context.lineTo(x + half, top + tall / 5);
      context.lineTo(x - half, top + tall / 5);
      context.fill();
    }
  }
}

/** The upper part mirrored, darker, and broken by waves that grow towards the viewer. */
function paintWater(context: Context, width: number, height: number, shore: number): void {
  const random = sfc32(65);
  for (let y = Math.floor(shore); y < height; y++) {
    const depth = (y - shore) / (height - shore);
    const wave = Math.sin(y * (0.9 - depth * 0.55)) * depth * 6 + (random() - 0.5) * depth * 5;
    const mirrored = Math.max(0, shore - 1 - (y - shore) * 1.45 + wave);
    context.drawImage(context.canvas, 0, mirrored, width, 1, wave - 8, y, width + 16, 1);
  }
  const shade = context.createLinearGradient(0, shore, 0, height);
  shade.addColorStop(0, 'rgb(20 26 52 / 0.12)');
  shade.addColorStop(1, 'rgb(14 18 40 / 0.72)');
  context.fillStyle = shade;
  context.fillRect(0, shore, width, height - shore);
}

function paintBoat(context: Context, x: number, y: number, size: number): void {
  context.fillStyle = '#12141f';
  context.beginPath();
  context.moveTo(x - size, y);
  context.quadraticCurveTo(x, y + size * 0.55, x + size, y);
  context.closePath();
  context.fill();
  context.fillStyle = '#e9d8c4';
  context.beginPath();
  context.moveTo(x - size * 0.05, y - size * 0.06);
  context.lineTo(x - size * 0.05, y - size * 1.75);
  context.quadraticCurveTo(x + size * 0.75, y - size * 0.8, x + size * 0.7, y - size * 0.06);
  context.fill();
  context.fillStyle = '#b8433a';
  context.beginPath();
  context.moveTo(x - size * 0.12, y - size * 0.06);
  context.lineTo(x - size * 0.12, y - size * 1.5);
  context.quadraticCurveTo(x - size * 0.5, y - size * 0.6, x - size * 0.62, y - size * 0.06);
  context.fill();
}
