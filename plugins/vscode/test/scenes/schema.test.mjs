import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({
  files: { '.dragoman.json': '{\n  // this project\n  "completion": { "maxTokens": "many" },\n  \n}\n' },
});

test('a configuration file gets completion, hover and marks from the schema', async () => {
  const { vs, page } = on;
  await vs.openFile(on.file('.dragoman.json'));
  const editor = vs.editor('.dragoman.json');
  await editor.locator('.squiggly-error, .squiggly-warning').first().waitFor();
  await editor.locator('.view-line', { hasText: 'maxTokens' }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type('"req');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row', { hasText: 'requireProvider' }).waitFor();
  await on.shot('schema completion');
  await page.keyboard.press('Escape');
  await eventually(async () => {
    await editor.locator('.view-line span', { hasText: 'completion' }).last().hover();
    return page.locator('.monaco-hover', { hasText: 'Ghost text' }).first().isVisible();
  }, 'a hover');
  await on.shot('schema hover');
});
