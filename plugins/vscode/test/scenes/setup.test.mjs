import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

/** Nothing is configured: the walkthrough's way to the first suggestion. */
const on = stage({
  files: { 'calc.py': '# sums\n' },
  config: null,
  env: () => ({}),
  ready: 'No model is chosen',
});

const machineSettings = () =>
  JSON.parse(fs.readFileSync(path.join(on.scratch, 'data/Machine/settings.json'), 'utf8'));

test('the walkthrough leads from nothing to the first suggestion', async () => {
  const { vs, page, gateway } = on;
  await vs.command('dragoman: Get Started');
  const step = page.locator('.gettingStartedContainer');
  await step.getByText('Choose a gateway and give its key').first().click();
  await on.shot('walkthrough gateway');
  await step.locator('.monaco-button', { hasText: 'Set Up a Gateway' }).click();
  await vs.row('opencodex').waitFor();
  await on.shot('presets');
  await vs.pick('openai-compatible');
  await vs.answer('not an address');
  await page.locator('.quick-input-widget', { hasText: 'An address begins with https://' }).waitFor();
  await vs.answer(gateway.url);
  const giveKey = async (key) => {
    await page.locator('.quick-input-widget input[type=password]').fill(key);
    await page.keyboard.press('Enter');
  };
  await giveKey('sk-live-');
  await vs.toast('refused the key').waitFor();
  await on.shot('set-up key refused');
  await giveKey(gateway.key);
  await vs.row('127-0-0-1/deepseek-chat').waitFor();
  await on.shot('models');
  await vs.pick('127-0-0-1/deepseek-chat');
  await vs.toast('Suggestions and chat now come from 127-0-0-1/deepseek-chat').waitFor();
  await vs.status('Ready: 127-0-0-1/deepseek-chat').waitFor();
  await on.shot('walkthrough gateway done');
  assert.deepEqual(machineSettings(), {
    'dragoman.providers': {
      '127-0-0-1': { preset: 'openai-compatible', baseUrl: gateway.url, key: 'editor' },
    },
    'dragoman.completion.model': '127-0-0-1/deepseek-chat',
    'dragoman.chat.model': '127-0-0-1/deepseek-chat',
  });
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'the first suggestion');
  await page.keyboard.press('Tab');
  await vs.save('calc.py');
  await vs.command('dragoman: Choose Model');
  await vs.pick('Suggestions');
  await vs.pick('127-0-0-1/gpt-4o');
  await vs.status('Ready: 127-0-0-1/gpt-4o').waitFor();
  fs.rmSync(path.join(on.scratch, 'data/Machine/settings.json'));
});
