import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: on.folder,
    stdio: 'pipe',
  });

const on = stage({
  files: { 'calc.py': 'def add(a, b):\n    return a + b\n' },
  settings: { 'git.enabled': true },
  prepare: () => {
    git('init', '--quiet');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'Begin');
    fs.appendFileSync(on.file('calc.py'), '\n\ndef sub(a, b):\n    return a - b\n');
  },
});

test('a commit message comes from what is staged, into the input box of Source Control', async () => {
  const { vs, page, gateway } = on;
  git('add', '-A');
  gateway.answer('def sub', ['Add subtraction', '\n\nSums alone were not enough.']);
  await vs.openView('Source Control');
  const box = page.locator('.scm-view .scm-editor .view-lines').first();
  await box.waitFor();
  await page.locator('.scm-view, .pane-header').first().hover();
  await page.locator('a.action-label[aria-label^="Generate Commit Message"]').first().click();
  await eventually(async () => /Add.subtraction/.test(await box.textContent()), 'the message');
  await on.shot('commit message');
});

test('nothing staged is told in words', async () => {
  const { vs } = on;
  await vs.openView('Source Control');
  await vs.command('dragoman: Generate Commit Message');
  await vs.toast('staged').waitFor();
  await on.shot('nothing staged');
});
