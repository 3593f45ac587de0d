/**
 * How well the noise is estimated: `npx node bench/estimate.ts <folder of clean PNGs> [--every n]`.
 *
 * Prints, for noise as floats and as 8-bit files hold it: bias and standard deviation over the images, the worst image
 * (all in % of the true sigma), how many images are more than 5 % off, how many were taken for white noise, and time.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readPng } from '../cli/images.ts';
import { type FloatImage, fromRaster } from '../models/image.ts';
import { addGaussian } from '../models/noise/add.ts';
import { estimateSigma } from '../models/noise/estimate.ts';

const SIGMAS = [5, 10, 15, 25, 50];

function table(images: FloatImage[], eightBit: boolean): void {
  console.log(`\n${eightBit ? '8-bit' : 'float'}   sigma | bias %   sd %  worst % | off by > 5 %  white | ms`);
  for (const sigma of SIGMAS) {
    const started = performance.now();
    const noisy = images.map((image, seed) => addGaussian(image, sigma, { seed, eightBit }));
    const ready = performance.now();
    const estimates = noisy.map((image) => estimateSigma(image));
    const milliseconds = (performance.now() - ready) / images.length;
    const errors = estimates.map(({ fine }) => 100 * (fine / sigma - 1));
    const bias = errors.reduce((a, b) => a + b, 0) / errors.length;
    const spread = Math.sqrt(errors.reduce((a, b) => a + (b - bias) ** 2, 0) / errors.length);
    const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const off = errors.filter((error) => Math.abs(error) > 5).length;
    const white = estimates.filter(({ kind }) => kind === 'white').length;
    const numbers = [bias, spread, worst].map((value) => value.toFixed(1).padStart(7)).join('');
    const counts = `${String(off).padStart(6)} / ${images.length} ${String(white).padStart(6)}`;
    const times = `${milliseconds.toFixed(0)} (noise ${((ready - started) / images.length).toFixed(0)})`;
    console.log(`${String(sigma).padStart(13)} |${numbers}   | ${counts} | ${times}`);
  }
}

const [folder, ...options] = process.argv.slice(2);
if (!folder) throw new Error('Expected a folder of clean PNGs, as in: npx node bench/estimate.ts photos');
const every = options[0] === '--every' ? Number(options[1]) : 1;
const names = readdirSync(folder)
  .filter((name) => /\.png$/i.test(name))
  .sort()
  .filter((_, i) => i % every === 0);
const images: FloatImage[] = [];
for (const name of names) images.push(fromRaster(await readPng(join(folder, name))).colour);

console.log(`${folder}: ${images.length} images, of ${images[0]?.channels} channels`);
const untouched = images.map((image) => estimateSigma(image));
const share = (kind: string) => untouched.filter((estimate) => estimate.kind === kind).length;
const fed = untouched.map(({ sigma }) => sigma).sort((a, b) => a - b);
console.log(`without noise: ${share('clean')} clean, ${share('white')} white, ${share('correlated')} correlated;`);
console.log(
  `  sigma fed, highest five: ${fed
    .slice(-5)
    .map((sigma) => sigma.toFixed(1))
    .join(' ')}`,
);
for (const eightBit of [false, true]) table(images, eightBit);
