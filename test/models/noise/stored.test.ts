import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FloatImage } from '../../../models/image.ts';
import { withGaussian, withNoiseFactor } from '../../../models/noise/add.ts';
import type { Demosaic } from '../../../models/noise/bayer.ts';
import { phoneSensor, withCameraNoise } from '../../../models/noise/camera.ts';
import { withSaltAndPepper } from '../../../models/noise/impulses.ts';
import { jpeg } from '../../../models/noise/jpeg.ts';
import { NOISE_KINDS } from '../../../models/noise/kinds.ts';
import { withPoisson } from '../../../models/noise/photons.ts';
import { quantise } from '../../../models/noise/quantise.ts';
import { withSpeckle } from '../../../models/noise/speckle.ts';
import { root } from '../../paths.ts';

interface Case {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly image: 'colour' | 'grey';
  readonly expected: string;
}

/** Made by noise.py beside it. */
const stored: {
  readonly height: number;
  readonly width: number;
  readonly colour: string;
  readonly normal: string;
  readonly uniform: string;
  readonly kinds: Readonly<Record<string, { readonly range: number[]; readonly levels: number[] }>>;
  readonly cases: readonly Case[];
} = JSON.parse(readFileSync(`${root}test/stored/noise.json`, 'utf8'));

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

const { width, height } = stored;
const colour: FloatImage = { data: floats(stored.colour), width, height, channels: 3 };
const grey: FloatImage = { data: colour.data.filter((_, i) => i % 3 === 0), width, height, channels: 1 };
const normals = floats(stored.normal);
const uniforms = floats(stored.uniform);

/** The same with the product's functions, fed the first of the stored random numbers. */
function applied({ kind, parameters, image: name }: Case): FloatImage {
  const image = name === 'colour' ? colour : grey;
  const normal = normals.subarray(0, image.data.length);
  const number = (parameter: string) => parameters[parameter] as number;
  switch (kind) {
    case 'gaussian':
      return withGaussian(image, normal, number('sigma'));
    case 'noise-factor':
      return withNoiseFactor(image, normal, number('factor'));
    case 'poisson':
      return withPoisson(image, normal, number('peak'));
    case 'speckle':
      return withSpeckle(image, normal, number('sigma'));
    case 'salt-and-pepper':
      return withSaltAndPepper(image, uniforms.subarray(0, image.data.length), number('share'));
    case 'quantisation':
      return quantise(image, number('levels'));
    case 'jpeg':
      return jpeg(image, { quality: number('quality'), halfColour: parameters.half_colour as boolean });
    case 'camera': {
      const given = {
        shot: number('shot'),
        read: number('read'),
        redGain: number('red_gain'),
        blueGain: number('blue_gain'),
        demosaic: parameters.method as Demosaic,
      };
      const sensor = 'iso' in parameters ? phoneSensor(number('iso')) : given;
      return withCameraNoise(image, normals.subarray(0, width * height), sensor);
    }
    default:
      throw new Error(`${kind} is stored, but not tested here.`);
  }
}

test.each(stored.cases)('training means the same by $kind of $parameters in $image', (each) => {
  const expected = floats(each.expected);
  const { data } = applied(each);
  expect(data).toHaveLength(expected.length);
  const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0);
  expect(worst).toBeLessThan(1e-5);
});

test('training has the same kinds, ranges and levels, and all of them are stored', () => {
  const here = Object.fromEntries(NOISE_KINDS.map(({ name, range, levels }) => [name, { range, levels }]));
  expect(here).toEqual(stored.kinds);
  expect(new Set(stored.cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(here)));
});
