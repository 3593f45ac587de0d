import { type ModelCard, type NetworkCard, precisionOf } from '../../../models/card.ts';
import type { Cell } from '../measurements.ts';
import { KNOWN_SETS } from '../sets.ts';
import type { Speed } from '../speed.ts';
import { decimal, NOTHING, unique } from './markdown.ts';

/** A model and what is known of it. */
export interface Entry {
  readonly card: ModelCard;
  readonly speed: Speed | undefined;
  readonly cells: readonly Cell[];
}

export const isNetwork = (card: ModelCard): card is NetworkCard => card.family !== 'filter';

/** A model's name in a table: ours are in bold. */
export function nameOf(card: ModelCard): string {
  return `**${card.id}** ${card.version}${card.sigma.kind === 'blind' ? ', blind' : ''}`;
}

/** The cells with the full weights: of a set that was run with the smaller form only, those. */
export function mainCells({ card, cells }: Entry): readonly Cell[] {
  if (!isNetwork(card)) return cells;
  const isFull = ({ precision }: Cell) => precision === precisionOf(card, 'f16');
  const sets = new Set(cells.filter(isFull).map(({ set }) => set));
  return cells.filter((cell) => isFull(cell) || !sets.has(cell.set));
}

/** The sets of some cells, in the order that is usual. */
export function setsOf(cells: readonly Cell[]): string[] {
  const sets = unique(cells.map(({ set }) => set));
  return [...KNOWN_SETS.filter((set) => sets.includes(set)), ...sets.filter((set) => !KNOWN_SETS.includes(set))];
}

/** PSNR in dB / SSIM. */
export function quality(cell: Cell | undefined): string {
  return cell ? `${decimal(cell.psnr, 2)} / ${cell.ssim.toFixed(4)}` : NOTHING;
}

export function millions(card: ModelCard): string {
  return isNetwork(card) ? `${decimal(card.parameters / 1e6, 2)} M` : NOTHING;
}

/** 1e9 multiply-accumulates for 256 x 256, as the field counts; none are counted of filters. */
export function gmacsOf(card: ModelCard): number | undefined {
  return isNetwork(card) ? (card.gmacsPerMegapixel * 256 * 256) / 1e6 : undefined;
}
