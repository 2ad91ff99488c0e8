// What left the machine, and what did not: masked secrets, excluded files, what does not fit the model.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';

import { configFor, eventually, stage } from '../lib/stage.mjs';

/** What the daemon takes for a likely secret. */
const SECRET = ['ghp', 'q7Zk2Lw9Xb4Rt1Vn8Ps3Hd6Jf5Gm0Cyabcd'].join('_');
const keys = `# who\nname = "me"\ntoken = "${SECRET}"\n`;

const on = stage({
  config: (gateway) => {
    const config = configFor(gateway);
    config.providers.gw.models = { 'deepseek-chat': { contextLength: 4000 } };
    return config;
  },
  files: { 'keys.py': '# who\n', 'long.txt': 'some words of a long text\n'.repeat(2000) },
  settings: { 'git.enabled': true },
  prepare: ({ folder, file }) => {
    const git = (...args) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
    git('init', '--quiet');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'Begin');
    fs.writeFileSync(file('keys.py'), keys);
    fs.writeFileSync(file('.env'), 'HOME_ALONE=1\n');
    git('add', '-A');
  },
});

/** The body of the request that holds `about`, in which no secret stands. */
function asked(about) {
  const { body } = on.gateway.requests.find((request) => request.body.includes(about));
  assert.ok(!body.includes(SECRET), 'the secret went out');
  return body;
}

async function ask(prompt, file) {
  const { vs, gateway } = on;
  gateway.answer(prompt, ['Seen.']);
  await vs.openFile(on.file(file));
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: file }).waitFor();
  await view.locator('.composer textarea').fill(prompt);
  await view.locator('.composer textarea').press('Enter');
  return view.locator('article', { hasText: prompt }).locator('.notice');
}

test('an answer says how many secrets were masked in its question, and what did not fit the model', async () => {
  const masked = await ask('Which keys', 'keys.py');
  await masked.filter({ hasText: '1 likely secret was masked' }).waitFor();
  assert.match(asked('Which keys'), /name = .*\*{8}/);
  const live = on.vs.webview().locator('.live');
  await eventually(
    async () => /is complete\. 1 likely secret/.test(await live.textContent()),
    'it is said, too',
  );
  await on.shot('chat masked');
  const leftOut = await ask('How long', 'long.txt');
  await leftOut.filter({ hasText: 'does not fit the model: all or a part of' }).waitFor();
});

test('an edit says what it masked', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('Be you', [keys.replace('"me"', '"you"').replace(SECRET, '********')]);
  await vs.openFile(on.file('keys.py'));
  await vs.selectAll('keys.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer('Be you');
  await vs.toast('1 likely secret was masked').waitFor();
  asked('Be you');
  await vs.editorAction('Accept All Changes').click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('keys.py');
  assert.equal(on.read('keys.py'), keys.replace('"me"', '"you"'));
});

test('a commit message says what it masked, and which files were kept here', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('name =', ['Say who']);
  await vs.openView('Source Control');
  await vs.command('dragoman: Generate Commit Message');
  await vs.toast('1 likely secret was masked · Kept here by privacy.exclude: .env').waitFor();
  const box = page.locator('.scm-view .scm-editor .view-lines').first();
  await eventually(async () => /Say.who/.test(await box.textContent()), 'the message');
  assert.ok(!gateway.requests.some(({ body }) => body.includes('HOME_ALONE')), 'the file stayed here');
});

test('what left the machine is listed, with what it was made of', async () => {
  const { vs, page } = on;
  await vs.status('Ready').click();
  await vs.pick('What left this machine?');
  const line = (...words) =>
    words
      .reduce((found, word) => found.filter({ hasText: word }), page.locator('.view-line'))
      .first()
      .waitFor();
  await line('chat', 'http://127.0.0.1:', 'gw/deepseek-chat', 'answered 200', 'files: 1 · masked: 1');
  await line('file', 'keys.py', 'bytes · masked: 1');
  await line('commitMessage', 'answered 200');
  await line('gitDiff', 'masked: 1');
  await on.shot('sent');
  await vs.command('dragoman: Show What Left This Machine');
  assert.equal(await page.locator('.tab', { hasText: 'dragoman sent' }).count(), 1, 'one page');
});
