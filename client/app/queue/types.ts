/** Types that browsers write, and the quality asked of them; all else is saved as PNG. */
const WRITABLE: Record<string, { extension: string; quality?: number }> = {
  'image/png': { extension: 'png' },
  'image/jpeg': { extension: 'jpg', quality: 0.95 },
};

/** The kind of file that a photo of this type becomes. */
export function typeToSave(came: string): { type: string; extension: string; quality?: number } {
  const type = came in WRITABLE ? came : 'image/png';
  return { type, ...(WRITABLE[type] as { extension: string; quality?: number }) };
}
