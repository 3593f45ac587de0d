/** What a change of an attribute touches. */
export type Touches = 'picture' | 'run' | 'mix' | 'look' | 'start';

export const ATTRIBUTES: Readonly<Record<string, Touches>> = {
  src: 'picture',
  alt: 'look',
  width: 'look',
  height: 'look',
  model: 'run',
  key: 'run',
  'site-key': 'run',
  endpoint: 'run',
  engine: 'run',
  sigma: 'run',
  strength: 'mix',
  luma: 'mix',
  chroma: 'mix',
  view: 'look',
  split: 'look',
  zoom: 'look',
  start: 'start',
  bare: 'look',
  labels: 'look',
};
