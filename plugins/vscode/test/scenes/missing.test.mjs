import { test } from 'node:test';

import { stage } from '../lib/stage.mjs';

const on = stage({ daemon: false, ready: 'The daemon does not run' });

test('without a daemon there is one message with a way on, and a walkthrough', async () => {
  const { vs, page } = on;
  await vs.toast('The dragoman program is not installed').waitFor();
  await on.shot('no daemon');
  await vs.toast('is not installed').locator('.monaco-button', { hasText: 'Open Settings' }).click();
  await page.locator('.settings-editor').waitFor();
  await page.locator('.setting-item-label', { hasText: 'Path' }).first().waitFor();
  await on.shot('no daemon settings');
  await page.keyboard.press('Escape');
  await vs.command('dragoman: Get Started');
  await page.locator('.gettingStartedContainer', { hasText: 'Choose a gateway and give its key' }).waitFor();
  await on.shot('walkthrough');
});
