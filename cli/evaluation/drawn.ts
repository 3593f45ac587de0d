import type { Data, TestImage } from './data.ts';
import { deadLeaves } from './scenes.ts';

const SCENES = 4;
const WIDTH = 160; // px
const HEIGHT = 120;

const COLOUR = 'drawn';
const GREY = 'drawn-grey';

/** For whoever has no test sets: a few drawn scenes. They tell models apart, but compare with nothing published. */
export function drawnData(): Data {
  return {
    sets: [COLOUR, GREY],
    realSets: [],
    roles: { white: { colour: [COLOUR], grey: [GREY], filter: [COLOUR, GREY] }, kinds: COLOUR, clean: [COLOUR] },
    images: async (set) => scenes(set === GREY ? 1 : 3),
    pairs: async () => [],
  };
}

function scenes(channels: 1 | 3): TestImage[] {
  return Array.from({ length: SCENES }, (_, seed) => ({
    name: `scene ${seed}`,
    read: async () => deadLeaves(WIDTH, HEIGHT, seed, channels),
  }));
}
