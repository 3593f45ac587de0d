import { launchChromium } from './chromium.ts';
import { startEdge } from '../worker/harness.ts';
import { builtWorker, root } from '../paths.ts';
import { build } from '../../scripts/build.ts';
import { buildWorker } from '../global-setup.ts';
if (process.argv.includes('--build')) { await build(); await buildWorker(); }
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('console', (m) => console.log('console:', m.type(), m.text().slice(0, 300)));
  page.on('pageerror', (e) => console.log('pageerror:', e.stack?.slice(0, 600)));
  page.on('response', (r) => { if (r.status() >= 400) console.log('status', r.status(), r.url()); });
  await page.goto(new URL('/app/', edge.url).href);
  await page.screenshot({ path: '/tmp/appdev/empty.png' });
  await page.locator('#example').click();
  await page.locator('body[data-state=busy]').waitFor({ timeout: 10000 });
  await page.waitForTimeout(2500);
  await page.screenshot({ path: '/tmp/appdev/busy.png' });
  await page.locator('body[data-state=done]').waitFor({ timeout: 60000 });
  await page.waitForTimeout(800);
  await page.screenshot({ path: '/tmp/appdev/done.png' });
  console.log(await page.evaluate(async () => ({ regs: (await navigator.serviceWorker.getRegistrations()).map(r => [r.scope, !!r.active]), controlled: !!navigator.serviceWorker.controller })));
  await page.locator('#loupe-toggle').click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/appdev/loupe.png' });
  await page.locator('#strength').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
  await page.waitForTimeout(1500);
  console.log(await page.locator('#engine').textContent(), await page.locator('#sigma').textContent());
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  phone.on('console', (m) => console.log('phone console:', m.type(), m.text().slice(0, 300)));
  await phone.goto(new URL('/app/', edge.url).href);
  await phone.locator('body[data-state=done]').waitFor({ timeout: 60000 });
  await phone.waitForTimeout(1500);
  await phone.screenshot({ path: '/tmp/appdev/phone.png', fullPage: true });
} catch (e) { console.log(e); } finally { await browser.close(); await edge.close(); }
