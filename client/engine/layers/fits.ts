import { DegrainError } from '../../../models/errors.ts';
import { type Network, sizeMultiple } from './network.ts';

/** @throws DegrainError `bad-request` for a window that the network cannot take. */
export function assertFits(
  input: Float32Array,
  height: number,
  width: number,
  { imageChannels, layers }: Network,
): void {
  const multiple = sizeMultiple(layers);
  const whole = height > 0 && width > 0 && height % multiple === 0 && width % multiple === 0;
  if (whole && input.length === height * width * imageChannels) return;
  throw new DegrainError('bad-request', {
    expected: `${imageChannels} channels of sides that are multiples of ${multiple} px`,
    received: `${input.length} values for ${width} x ${height}`,
    remedy: 'Give windows as models/tiles.ts plans them.',
  });
}
