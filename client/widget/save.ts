import type { DenoiseResult } from '../contract.ts';

/** File types that browsers write, and the quality asked of them; all else is saved as PNG. */
const WRITABLE: Record<string, { extension: string; quality?: number }> = {
  'image/png': { extension: 'png' },
  'image/jpeg': { extension: 'jpg', quality: 0.95 },
};

/** Offers the result, as mixed last, as a download of the kind that came. `name` is a file's name or an address. */
export async function saveResult(result: DenoiseResult, type: string, name: string): Promise<void> {
  const kind = type in WRITABLE ? type : 'image/png';
  const { extension, quality } = WRITABLE[kind] as { extension: string; quality?: number };
  const file = await result.blob(kind, quality);
  const [, stem] = /([^/\\?#]+?)(\.[^./\\?#]*)?([?#].*)?$/.exec(name) ?? [];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${stem || 'picture'}-degrained.${extension}`;
  link.click();
  // the click only starts the download
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
