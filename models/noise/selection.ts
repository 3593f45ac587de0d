import { AREA, SIDE } from './dct.ts';
import { order, type PatchSpectra } from './patches.ts';

/** Frequencies that tell whether a patch is flat. Those that then measure its noise are none of these. */
const IS_LOW = Array.from({ length: AREA }, (_, i) => i > 0 && order(i) <= 5);

/** Fewer patches than this say nothing. */
export const FEWEST = 50;
/** A patch whose energy (0..255 squared) is below this is one colour: drawn or burnt out, not photographed. */
const CONSTANT = 0.5;
/** Patches that clipping leaves less than this share of the noise's variance are used only if there are no others. */
const WELL_EXPOSED = 0.6;
/** Clipping of noise around a brightness within 0..255 leaves at least (1/2 - 1/2pi) of its variance. */
const BARELY_EXPOSED = 0.34;

/** Patches to measure by, and what clipping has left of the noise's variance in each. */
export interface Selection {
  patches: number[];
  /** [count, channels] of all patches. */
  exposures: Float64Array;
}

/** What patches are chosen by, worked out once for all readings of an image. */
export interface Candidates {
  readonly spectra: PatchSpectra;
  /** All patches that are not of one colour, nor hold anything but numbers. */
  readonly patches: readonly number[];
  /** [count]: how little flat each patch is, (0..255)^2. */
  readonly lowEnergies: Float64Array;
}

export function candidates(spectra: PatchSpectra): Candidates {
  const { count, channels, coefficients } = spectra;
  const patches: number[] = [];
  const lowEnergies = new Float64Array(count);
  for (let patch = 0; patch < count; patch++) {
    let energy = 0;
    let low = 0;
    for (let channel = 0; channel < channels; channel++) {
      const at = (patch * channels + channel) * AREA;
      for (let i = 1; i < AREA; i++) {
        const square = (coefficients[at + i] as number) ** 2;
        energy += square;
        if (IS_LOW[i]) low += square;
      }
    }
    lowEnergies[patch] = low;
    if (energy > CONSTANT && energy < Infinity) patches.push(patch);
  }
  return { spectra, patches, lowEnergies };
}

/**
 * Of the candidates those that are not clipped too much, and of these the flattest.
 *
 * @param varianceLeft [256] by mean brightness, as of clipping.ts
 * @param flattest the share wanted, 0..1; 1 takes all
 * @param groups of equal size that the patches are sorted into by brightness, each to give its share. Cameras' noise
 *   depends on brightness, and the flattest patches of a photograph are often its darkest
 */
export function select(
  { spectra, patches, lowEnergies }: Candidates,
  varianceLeft: Float64Array,
  flattest: number,
  groups: number,
): Selection {
  const { count, channels, coefficients } = spectra;
  const exposures = new Float64Array(count * channels);
  const worst = new Float64Array(count);
  for (const patch of patches) {
    let least = 1;
    for (let channel = 0; channel < channels; channel++) {
      const mean = (coefficients[(patch * channels + channel) * AREA] as number) / SIDE;
      const exposure = varianceLeft[Math.min(Math.max(Math.round(mean), 0), 255)] as number;
      exposures[patch * channels + channel] = exposure;
      least = Math.min(least, exposure);
    }
    worst[patch] = least;
  }
  let usable = patches.filter((patch) => (worst[patch] as number) >= WELL_EXPOSED);
  if (usable.length < Math.max(FEWEST, patches.length / 10)) {
    usable = patches.filter((patch) => (worst[patch] as number) >= BARELY_EXPOSED);
  }
  if (flattest === 1) return { patches: usable, exposures };

  const byBrightness = groups === 1 ? usable : sorted(usable, (patch) => brightness(spectra, patch));
  const energies = lowEnergies.map((energy, patch) => energy / (worst[patch] as number));
  const size = usable.length / groups;
  const wanted = Math.max((2 * FEWEST) / groups, flattest * size);
  const chosen = Array.from({ length: groups }, (_, group) => {
    const members = byBrightness.slice(Math.round(group * size), Math.round((group + 1) * size));
    return least(members, energies, Math.round(wanted));
  });
  return { patches: chosen.flat(), exposures };
}

function brightness({ channels, coefficients }: PatchSpectra, patch: number): number {
  let sum = 0;
  for (let channel = 0; channel < channels; channel++)
    sum += coefficients[(patch * channels + channel) * AREA] as number;
  return sum;
}

/** Ascending; the key of each is worked out once. */
function sorted(patches: number[], key: (patch: number) => number): number[] {
  const keyed = patches.map((patch) => ({ patch, key: key(patch) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ patch }) => patch);
}

/** Those `count` of the patches with the least keys, in the order in which they were. */
function least(patches: readonly number[], keys: Float64Array, count: number): number[] {
  if (count >= patches.length) return [...patches];
  const ascending = Float64Array.from(patches, (patch) => keys[patch] as number).sort();
  const limit = ascending[count] as number;
  const below = patches.filter((patch) => (keys[patch] as number) < limit);
  const equal = patches.filter((patch) => keys[patch] === limit);
  return [...below, ...equal.slice(0, count - below.length)];
}
