import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isUsage } from '../../cli/command.ts';
import { denoiseTool } from '../../cli/denoising/tool.ts';
import { fromRaster, type RasterImage } from '../../models/image.ts';
import { psnr } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { run, temporaryFolder } from './run.ts';

const limits = { maxBytes: 1e9, maxPixels: 1e8 };

/** A slope in all directions: what any denoiser should bring out of noise. */
function slope(width: number, height: number): RasterImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    data[i] = 60 + (100 * (x + (i % 3) * y)) / (width + 2 * height);
  }
  return { data, width, height, channels: 3, depth: 8 };
}

/** [H,W,3] with noise of sigma 25, rounded to 8 bits. */
function noisy(clean: RasterImage): RasterImage {
  const { colour } = fromRaster(clean);
  const data = Uint8Array.from(addGaussian(colour, 25, { seed: 1, eightBit: true }).data, (value) => value * 255 + 0.5);
  return { ...clean, data };
}

const read = async (path: string) => (await decodePng(await readFile(path), limits)).image;

describe('one image', () => {
  test('loses its noise', async () => {
    const folder = await temporaryFolder();
    const clean = slope(80, 64);
    await writeFile(join(folder, 'noisy.png'), await encodePng(noisy(clean)));
    const ended = await run('denoise', ['noisy.png', 'clean.png', '--sigma', '25'], folder);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(/^noisy\.png: 80 x 64, sigma 25\.0, wasm, \d+\.\d s\n$/);
    const result = await read(join(folder, 'clean.png'));
    const quality = (image: RasterImage) => psnr(fromRaster(clean).colour, fromRaster(image).colour);
    expect(quality(result)).toBeGreaterThan(quality(noisy(clean)) + 6);
    expect(await readdir(folder)).toEqual(['clean.png', 'noisy.png']);
  });

  test('keeps 16 bits, alpha and resolution, and at strength 0 every sample', async () => {
    const folder = await temporaryFolder();
    const data = Uint16Array.from({ length: 20 * 30 * 4 }, (_, i) => (i * 40503) % 65536);
    const image: RasterImage = { data, width: 20, height: 30, channels: 4, depth: 16 };
    const resolution = { type: 'pHYs', data: Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 1) };
    await writeFile(join(folder, 'a.png'), await encodePng(image, [resolution]));
    const ended = await run('denoise', ['a.png', 'b.png', '--sigma', '40', '--strength', '0'], folder);
    expect(ended.code).toBe(0);
    const result = await decodePng(await readFile(join(folder, 'b.png')), limits);
    expect(result.image).toEqual(image);
    expect(result.kept.map(({ type, data }) => [type, ...data])).toEqual([['pHYs', ...resolution.data]]);
  });

  test('that is broken, or none, is told in a line, and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const png = await encodePng(slope(30, 30));
    await writeFile(join(folder, 'broken.png'), png.subarray(0, png.length - 20));
    await writeFile(join(folder, 'text.png'), 'hello');
    await writeFile(join(folder, 'photo.png'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0));
    for (const [name, message] of [
      ['broken.png', /^broken\.png: Expected .*\n$/],
      ['text.png', /^text\.png: Expected a PNG but received a file that is no image\. Convert.*\n$/],
      ['photo.png', /^photo\.png: Expected a PNG but received JPEG\. Convert.*\n$/],
    ] as const) {
      const ended = await run('denoise', [name, 'out.png'], folder);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(message);
    }
    expect(await readdir(folder)).toEqual(['broken.png', 'photo.png', 'text.png']);
  });
});

test('a folder keeps its names, skips what is no image, goes on after a failure and says so', async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, 'in'), join(folder, 'new', 'out')];
  await mkdir(join(from, 'inner'), { recursive: true });
  const png = await encodePng(noisy(slope(24, 16)));
  await writeFile(join(from, 'a.png'), png);
  await writeFile(join(from, 'b.png'), png.subarray(0, 60));
  await writeFile(join(from, 'c.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0));
  await writeFile(join(from, 'd.txt'), 'notes');
  await writeFile(join(from, 'e.png'), png);
  await writeFile(join(from, '.hidden'), 'x');
  const ended = await run('denoise', [from, to]);
  expect(ended.code).toBe(1);
  const lines = ended.stderr.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['a.png:', 'b.png:', 'c.jpg:', 'd.txt:', 'e.png:', '2']);
  expect(lines[3]).toBe('d.txt: skipped, no image');
  expect(lines[5]).toMatch(/^2 denoised, 2 failed, 1 skipped in \d+ s$/);
  expect(await readdir(to)).toEqual(['a.png', 'e.png']);
  expect(await read(join(to, 'a.png'))).toMatchObject({ width: 24, height: 16, channels: 3 });
});

describe('the command line', () => {
  test.each([['--help'], ['-h']])('%s is a help', async (option) => {
    const ended = await run('denoise', [option]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    for (const word of ['--model', '--sigma', '--strength', '--luma', '--chroma', '--engine']) {
      expect(ended.stdout).toContain(word);
    }
  });

  test('--version is the version', async () => {
    expect(await run('denoise', ['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test.each([
    [[], /two paths/],
    [['a.png'], /two paths/],
    [['a.png', 'b.png', 'c.png'], /two paths/],
    [['missing.png', 'b.png'], /missing\.png', which does not exist/],
    [['package.json', 'package.json'], /another place/],
    [['test', 'package.json'], /a folder for the results/],
    [['test', 'test'], /another place/],
    [['a.png', 'b.png', '--model', 'none'], /a published model \(.*fast.*\)/],
    [['a.png', 'b.png', '--sigma', '99'], /--sigma .* received '99'/],
    [['a.png', 'b.png', '--sigma', ''], /--sigma/],
    [['a.png', 'b.png', '--strength', 'half'], /--strength .* 'half'/],
    [['a.png', 'b.png', '--luma=-1'], /--luma/],
    [['a.png', 'b.png', '--chroma', '1.5'], /--chroma/],
    [['a.png', 'b.png', '--engine', 'abacus'], /wasm, webgpu but received 'abacus'/],
    [['a.png', 'b.png', '--quick'], /--quick/],
    [['a.png', 'b.png', '--sigma'], /--sigma/],
  ])('%j is refused', async (args, message) => {
    await expect(denoiseTool(args)).rejects.toThrow(message);
    await expect(denoiseTool(args)).rejects.toSatisfy(isUsage);
  });

  test.each([[['a.png', '--quick']], [['missing.png', 'b.png']]])('%j exits with 2 and one line', async (args) => {
    const ended = await run('denoise', args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^[^\n]+\n$/);
  });
});
