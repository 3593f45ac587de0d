/** Types that browsers write, and the quality asked of them; all else is saved as PNG. */
const WRITABLE: Record<string, { extension: string; quality?: number }> = {
  'image/png': { extension: 'png' },
  'image/jpeg': { extension: 'jpg', quality: 0.95 },
  'image/webp': { extension: 'webp', quality: 0.95 },
};

/** As what a photo of this type is saved, where the browser can. */
export function typeToSave(came: string): { type: string; quality?: number } {
  const { quality } = WRITABLE[came] ?? {};
  return { type: came in WRITABLE ? came : 'image/png', ...(quality !== undefined && { quality }) };
}

export const extensionOf = (type: string) => WRITABLE[type]?.extension ?? 'png';
