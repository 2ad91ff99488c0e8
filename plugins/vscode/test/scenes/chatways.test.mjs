import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { configFor, eventually, stage } from '../lib/stage.mjs';

/** A repository with a staged change, a file with a problem, and a theme that is not the usual one. */
const on = stage({
  config: (gateway) => {
    const config = configFor(gateway);
    config.providers.gw.models = { 'deepseek-chat': { price: { input: 1, output: 2, currency: 'USD' } } };
    return config;
  },
  files: { 'notes.txt': 'old\n', 'broken.json': '{ "a": }\n' },
  settings: { 'workbench.colorTheme': 'Default High Contrast' },
  prepare: ({ folder, file }) => {
    const git = (...args) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'begin');
    fs.writeFileSync(file('notes.txt'), 'a staged word\n');
    git('add', '.');
  },
});

const field = (view) => view.locator('.composer textarea');

test('the keyboard leads everywhere: ask, stop, buttons, reasoning, back', async () => {
  const { vs, page, gateway } = on;
  const never = gate();
  gateway.answer('By keys', [{ thought: 'hm' }, '```js\nlet a;\n```\n\n[site](https://x.example) ', never]);
  await page.keyboard.press('Control+Alt+C');
  const view = vs.webview();
  await eventually(
    () => field(view).evaluate((it) => it === document.activeElement && document.hasFocus()),
    'focus',
  );
  await page.keyboard.type('By keys');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('please');
  await page.keyboard.press('Enter');
  await view.locator('.text a', { hasText: 'site' }).waitFor();
  await page.keyboard.press('Escape');
  await view.locator('.notice', { hasText: 'Stopped' }).waitFor();
  never.open();
  assert.match(gateway.requests.find(({ body }) => body.includes('By keys')).body, /By keys\\nplease/);
  const stops = [];
  await view.locator('main').focus();
  for (let i = 0; i < 15; ++i) {
    stops.push(
      await view
        .locator('body')
        .evaluate(() => document.activeElement.dataset.act ?? document.activeElement.tagName.toLowerCase()),
    );
    await page.keyboard.press('Tab');
  }
  assert.deepEqual(stops, [
    ...['main', 'edit', 'summary', 'copy', 'insert', 'apply', 'pre', 'a'],
    ...['copyAnswer', 'retry', 'continue', 'fork', 'textarea', 'attach', 'chooseModel'],
  ]);
  await on.shot('chat high contrast');
});

test('staged changes and problems go along', async () => {
  const { vs, gateway } = on;
  gateway.answer('Review', ['Fine.']);
  await vs.openFile(on.file('broken.json'));
  await vs.command('dragoman: Open Chat');
  const view = vs.webview();
  await view.locator('[data-act=attach]').click();
  await vs.pick('Staged changes');
  await view.locator('.composer .attached li', { hasText: 'Staged changes' }).waitFor();
  await view.locator('[data-act=attach]').click();
  await vs.pick('Problems of the open file');
  await view.locator('.composer .attached li', { hasText: 'problems of broken.json' }).waitFor();
  await field(view).fill('Review this');
  await field(view).press('Enter');
  await view.locator('.text', { hasText: 'Fine.' }).waitFor();
  await view.locator('.facts', { hasText: '1,000,000 tokens read, 1,000,000 written · $3.00' }).waitFor();
  const { body } = gateway.requests.find(({ body }) => body.includes('Review'));
  assert.match(body, /a staged word/);
  assert.match(body, /Value expected/);
});

test('a file that no disk has is attached as it stands in the editor', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('Not saved', ['Seen.']);
  await vs.command('File: New Untitled Text File');
  await page.locator('.tab.active[aria-label*="Untitled-1"]').waitFor();
  await page.keyboard.type('never saved');
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'Untitled-1' }).waitFor();
  await field(view).fill('Not saved, is it?');
  await field(view).press('Enter');
  await view.locator('.text', { hasText: 'Seen.' }).waitFor();
  assert.match(gateway.requests.find(({ body }) => body.includes('Not saved')).body, /never saved/);
});

test('a question in the middle is asked anew in a copy: what followed it is kept', async () => {
  const { vs, gateway } = on;
  await vs.command('dragoman: Open Chat');
  const view = vs.webview();
  const answered = (n, text) =>
    view.locator(`article:nth-of-type(${n}):not(.streaming) .text`, { hasText: text }).waitFor();
  for (const [n, question, answer] of [
    [1, 'Middle one', 'uno'],
    [2, 'Middle two', 'dos'],
  ]) {
    gateway.answer(question, [answer]);
    await field(view).fill(question);
    await field(view).press('Enter');
    await answered(n, answer);
  }
  gateway.answer('Middle other', ['tres']);
  await view.locator('article:nth-of-type(1) [data-act=edit]').click();
  await view.locator('.question textarea').fill('Middle other');
  await view.locator('.question textarea').press('Enter');
  await answered(1, 'tres');
  assert.equal(await view.locator('article').count(), 1);
  await vs.toast('in a copy').waitFor();
  await vs.command('dragoman: Show Conversations');
  await vs.input().fill('dos');
  await eventually(
    async () => (await vs.page.locator('.quick-input-list .monaco-list-row').count()) === 1,
    'found',
  );
  await vs.pick('Middle one');
  await answered(2, 'dos');
});

test('a chat in an editor tab is there after a reload, and is exported', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('In a tab', ['Yes, in a *tab*.']);
  await vs.command('dragoman: Open Chat in Editor');
  let view = vs.webview();
  await field(view).fill('In a tab?');
  await field(view).press('Enter');
  await view.locator('.text em', { hasText: 'tab' }).waitFor();
  await page.locator('.tab', { hasText: 'In a tab?' }).waitFor();
  await vs.reloadInPeace();
  await vs.status('Ready').waitFor();
  view = vs.webview();
  await view.locator('.text em', { hasText: 'tab' }).waitFor();
  await on.shot('chat tab');
  await field(view).click();
  await vs.command('dragoman: Export Conversation');
  await eventually(async () => (await vs.input().inputValue()).endsWith('In-a-tab.md'), 'a name is proposed');
  await page.keyboard.press('Enter');
  await eventually(() => on.read('In-a-tab.md').includes('Yes, in a *tab*.'), 'exported');
});
