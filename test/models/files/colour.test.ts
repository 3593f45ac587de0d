import { expect, test } from 'vitest';
import { colourSpaceOf } from '../../../models/files/colour.ts';
import { ADOBE_RGB, DISPLAY_P3, makeProfile, SRGB } from './profiles.ts';

test.each([
  ['sRGB', makeProfile(SRGB), 'srgb'],
  ['Display P3', makeProfile(DISPLAY_P3), 'display-p3'],
  ['Adobe RGB', makeProfile(ADOBE_RGB, [2.2]), 'other'],
  ["sRGB's colours on another curve", makeProfile(SRGB, [1]), 'other'],
  ['a profile that is cut short', makeProfile(SRGB).slice(0, 200), 'other'],
  ['nothing', new Uint8Array(0), 'other'],
] as const)('%s', (_, profile, space) => {
  expect(colourSpaceOf(profile)).toBe(space);
});
