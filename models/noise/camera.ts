import { expectThat } from '../errors.ts';
import type { FloatImage } from '../image.ts';
import { gaussianNoise } from './add.ts';
import { type Demosaic, demosaic, SMALLEST_MOSAIC, siteColour } from './bayer.ts';
import { clip, expectDraws, expectInRange } from './parameters.ts';
import { decodeSrgb, encodeSrgb } from './tone.ts';

/** A sensor and what its camera makes of it. Light is 1 where the sensor saturates. */
export interface Sensor {
  /** Variance of shot noise per light, 0..1: 1e-4 at a phone's lowest ISO, 1e-2 at ISO 6400. */
  readonly shot: number;
  /** Variance of read noise, 0..1. */
  readonly read: number;
  /** Of the white balance, 1..8; green's is 1. In daylight about 2 and 1.7. */
  readonly redGain: number;
  readonly blueGain: number;
  readonly demosaic: Demosaic;
}

/** Lowest and highest ISO of `phoneSensor`. */
export const ISO_RANGE = [25, 51200] as const;

/** Of a phone's sensor, whose full well is 5500 electrons at ISO 100. */
const SHOT_PER_ISO = 1.8e-6;

/** A phone at an ISO, 25..51200; read noise by the line of Brooks et al. (CVPR 2019), gains at their means. */
export function phoneSensor(iso: number): Sensor {
  expectInRange('ISO', iso, ...ISO_RANGE);
  const shot = iso * SHOT_PER_ISO;
  return { shot, read: Math.exp(2.18 * Math.log(shot) + 1.2), redGain: 2.15, blueGain: 1.7, demosaic: 'malvar' };
}

/**
 * A sensor's noise as an 8-bit file shows it: stronger in red and blue, alike in neighbours, dependent on brightness.
 *
 * Light is divided by the gains, reaches the sites of an RGGB mosaic, gets noise of variance `shot * light + read` and
 * is cut off at 1. What that adds is demosaiced, amplified by the gains and coded again. The picture itself is not
 * demosaiced: what that does to it is no noise, and without noise every pixel stays as it is. Grey images come from a
 * sensor without a mosaic.
 *
 * @param image [H,W,C] 0..1, sRGB-coded; colour at least 3 x 3 px
 * @param normal [H,W] standard normal numbers, one for each site
 * @returns 0..1 in steps of 1/255
 */
export function withCameraNoise(image: FloatImage, normal: Float32Array, sensor: Sensor): FloatImage {
  const { width, height, channels } = image;
  expectSensor(sensor);
  expectThat(channels === 1 || Math.min(width, height) >= SMALLEST_MOSAIC, () => ({
    expected: `at least ${SMALLEST_MOSAIC} x ${SMALLEST_MOSAIC} px`,
    received: `${width} x ${height}`,
    remedy: 'Use a larger image, or a grey one.',
  }));
  expectDraws(normal, width * height);
  const gains = channels === 3 ? [sensor.redGain, 1, sensor.blueGain] : [1];
  const light = (pixel: number, channel: number) =>
    decodeSrgb(clip(image.data[pixel * channels + channel] as number)) / (gains[channel] as number);

  const noise = new Float64Array(width * height);
  for (let pixel = 0; pixel < noise.length; pixel++) {
    const colour = channels === 3 ? siteColour(pixel % width, Math.floor(pixel / width)) : 0;
    const raw = light(pixel, colour);
    const sigma = Math.sqrt(sensor.shot * raw + sensor.read);
    noise[pixel] = Math.min(raw + (normal[pixel] as number) * sigma, 1) - raw;
  }
  const added = channels === 3 ? demosaic(noise, width, height, sensor.demosaic) : noise;
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i++) {
    const channel = i % channels;
    const noisy = (light((i - channel) / channels, channel) + (added[i] as number)) * (gains[channel] as number);
    data[i] = Math.floor(encodeSrgb(clip(noisy)) * 255 + 0.5) / 255;
  }
  return { ...image, data };
}

/** `withCameraNoise` of numbers that follow from the seed, any integer. */
export function addCameraNoise(image: FloatImage, sensor: Sensor, seed: number): FloatImage {
  return withCameraNoise(image, gaussianNoise(image.width * image.height, seed), sensor);
}

function expectSensor({ shot, read, redGain, blueGain }: Sensor): void {
  expectInRange('shot', shot, 0, 1);
  expectInRange('read', read, 0, 1);
  expectInRange('redGain', redGain, 1, 8);
  expectInRange('blueGain', blueGain, 1, 8);
}
