/** dB; of equal pictures there is none. */
export const decibels = (psnr: number) => (Number.isFinite(psnr) ? `${psnr.toFixed(2)} dB` : '∞ dB');

export const similarity = (ssim: number) => (Number.isNaN(ssim) ? '–' : ssim.toFixed(4));

export const duration = (milliseconds: number) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
