import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { stage } from '../lib/stage.mjs';

/** The dark theme is shown here, the light and the high-contrast one elsewhere. */
const on = stage({ files: { 'calc.py': '\n' }, settings: { 'workbench.colorTheme': 'Dark Modern' } });

test('an answer goes on while its view is hidden, and is there when the view is', async () => {
  const { vs, page, gateway } = on;
  const [one, two] = [gate(), gate()];
  gateway.answer('Meanwhile', ['# First\n\n', one, 'second, ', two, '`third`.']);
  await vs.command('dragoman: Open Chat');
  const view = vs.webview();
  await view.locator('.composer textarea').fill('Meanwhile');
  await page.keyboard.press('Enter');
  await view.locator('.text h3', { hasText: 'First' }).waitFor();
  await vs.openView('Explorer');
  await page
    .locator('iframe.webview.ready[src*="extensionId=dragoman.dragoman"]')
    .waitFor({ state: 'hidden' });
  one.open();
  await vs.openView('dragoman');
  await view.locator('.text', { hasText: 'second,' }).waitFor();
  two.open();
  await view.locator('.text', { hasText: 'Firstsecond, third.' }).waitFor();
  await view.locator('article:not(.streaming)').waitFor();
  await on.shot('chat dark');
});
