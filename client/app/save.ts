import type { DenoiseResult } from '../index.ts';

/** File types that browsers write, and the quality asked of them; all else is saved as PNG. */
const WRITABLE: Record<string, { extension: string; quality?: number }> = {
  'image/png': { extension: 'png' },
  'image/jpeg': { extension: 'jpg', quality: 0.95 },
};

/** Offers the result, as mixed last, as a download of the kind that came. */
export async function saveFile(original: File, result: DenoiseResult): Promise<void> {
  const type = original.type in WRITABLE ? original.type : 'image/png';
  const { extension, quality } = WRITABLE[type] as { extension: string; quality?: number };
  const file = await result.blob(type, quality);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${original.name.replace(/\.[^.]*$/, '')}-degrained.${extension}`;
  link.click();
  // the click only starts the download
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
