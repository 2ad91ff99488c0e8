import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { configFor, eventually, stage } from '../lib/stage.mjs';

const on = stage({
  files: { 'calc.py': '# sums\n' },
  config: (gateway) => {
    const config = configFor(gateway);
    config.providers.gw.models = { 'deepseek-chat': { price: { input: 1, output: 2, currency: 'USD' } } };
    return config;
  },
});

const [first] = ['def add(a, b):\n    return '];

test('one daemon serves the window, and ends with it', async () => {
  const { vs, page } = on;
  await eventually(() => on.daemons().length === 1, 'one daemon');
  const [pid] = on.daemons();
  await vs.reload();
  await vs.status('Ready').waitFor();
  await eventually(
    () => on.daemons().length === 1 && on.daemons()[0] !== pid,
    'another one, and the first is gone',
  );
  await page.goto('about:blank');
});

test('a daemon that is killed is started again, and suggestions go on', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  const [pid] = on.daemons();
  process.kill(pid, 'SIGKILL');
  await eventually(() => on.daemons().length === 1 && on.daemons()[0] !== pid, 'another daemon');
  await vs.status('Ready').waitFor();
  await vs.typeAtEnd('calc.py', first);
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
});

test('a daemon killed in mid-stream costs the answer, not the text', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Shout', ['# SU', go, 'MS\n']);
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'total = 1\n');
  await vs.selectAll('calc.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer('Shout');
  await page.locator('.monaco-diff-editor').waitFor();
  await eventually(() => gateway.requests.some(({ body }) => body.includes('Shout')), 'the question');
  process.kill(on.daemons()[0], 'SIGKILL');
  await vs.toast('The daemon stopped before it had answered').waitFor();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await on.shot('killed in mid-stream');
  go.open();
  await vs.status('Ready').waitFor();
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), '# sums\ntotal = 1\n');
});

test('a daemon that keeps ending is given up with one message, whose button starts it again', async () => {
  const { vs } = on;
  const binary = path.join(on.scratch, 'bin/dragoman');
  fs.renameSync(binary, `${binary}.good`);
  // It says its version, and then ends.
  fs.writeFileSync(binary, `#!/bin/sh\n[ "$1" = --version ] && exec "${binary}.good" --version\nexit 3\n`, {
    mode: 0o755,
  });
  try {
    await vs.command('dragoman: Restart Daemon');
    await vs.toast('ended several times in a row').waitFor({ timeout: 60_000 });
    assert.equal(await vs.toast('dragoman').count(), 1, 'one message');
    await vs.status('The daemon does not run').waitFor();
    await on.shot('given up');
  } finally {
    fs.rmSync(binary);
    fs.renameSync(`${binary}.good`, binary);
  }
  await vs.toast('ended several times').locator('.monaco-button', { hasText: 'Try Again' }).click();
  await vs.status('Ready').waitFor();
});

test('the menu of the status bar item says what is going on, and what today has cost', async () => {
  const { vs, gateway } = on;
  gateway.answer('def add', ['a + b']);
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', first);
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await vs.status('$3.00').click();
  await vs.row('Ready: gw/deepseek-chat').waitFor();
  await on.shot('status menu');
});
