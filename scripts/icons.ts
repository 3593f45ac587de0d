import { readFile, writeFile } from 'node:fs/promises';
import { launchChromium } from '../test/browser/chromium.ts';
import { root } from './root.ts';

// The app's icons from the one drawing: node scripts/icons.ts

/** Drawing's ground, and how much of the side a maskable icon keeps: systems cut circles of 80 % out of it. */
const GROUND = '#1d232b';
const SAFE = 0.72;

const ICONS = [
  { name: 'icon-192', side: 192, scale: 1 },
  { name: 'icon-512', side: 512, scale: 1 },
  { name: 'icon-maskable-512', side: 512, scale: SAFE, ground: GROUND },
  // iOS rounds the corners itself and shows what is transparent as black
  { name: 'icon-apple-180', side: 180, scale: 1, ground: GROUND },
];

const drawing = await readFile(`${root}client/page/icon.svg`, 'utf8');
const browser = await launchChromium({ webgpu: false });
try {
  const page = await browser.newPage();
  for (const { name, side, scale, ground = 'transparent' } of ICONS) {
    await page.setViewportSize({ width: side, height: side });
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${ground}}
       svg{width:${scale * 100}vw}</style>${drawing}`,
    );
    const file = `${root}client/app/static/${name}.png`;
    await writeFile(file, await page.screenshot({ omitBackground: true }));
    console.log(file);
  }
} finally {
  await browser.close();
}
