import type { Page } from 'playwright-core';

/** A JPEG of a camera's size, painted and encoded by the page: smooth light with seeded noise in it, 3:2. */
export async function paintPhoto(page: Page, megapixels: number): Promise<Buffer> {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 2));
  const height = Math.round((megapixels * 1e6) / width);
  const base64 = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width as number, height as number);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const light = context.createLinearGradient(0, 0, canvas.width, canvas.height);
      light.addColorStop(0, '#203040');
      light.addColorStop(1, '#e0c8a0');
      context.fillStyle = light;
      context.fillRect(0, 0, canvas.width, canvas.height);
      // Numerical Recipes' generator: any will do for noise that is to be the same every time
      let state = 1;
      const random = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      const strip = 256;
      for (let y = 0; y < canvas.height; y += strip) {
        const image = context.getImageData(0, y, canvas.width, Math.min(strip, canvas.height - y));
        for (let i = 0; i < image.data.length; i++) {
          if (i % 4 < 3) (image.data[i] as number) += (random() + random() + random() - 1.5) * 40;
        }
        context.putImageData(image, 0, y);
      }
      const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
      const bytes = new Uint8Array(await file.arrayBuffer());
      let letters = '';
      for (let i = 0; i < bytes.length; i += 32768) letters += String.fromCharCode(...bytes.subarray(i, i + 32768));
      return btoa(letters);
    },
    [width, height],
  );
  return Buffer.from(base64, 'base64');
}
