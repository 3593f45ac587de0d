import { type Build, defaultBuild } from './kernel.ts';

/**
 * How kernels could be built for a GPU, the default first, then what is likeliest to be faster: where time is short, the
 * last ones are not tried.
 */
export function armsFor(vendor: string, hasF16: boolean): readonly Build[] {
  const standard = defaultBuild(vendor);
  const otherRows = { ...standard, rows: standard.rows === 8 ? 4 : 8 } as const;
  const wide = { ...standard, group: 16 } as const;
  const f16 = { arithmetic: 'f16' } as const;
  if (!hasF16) return [standard, wide, otherRows];
  return [standard, { ...standard, ...f16 }, { ...wide, ...f16 }, wide, { ...otherRows, ...f16 }, otherRows];
}
