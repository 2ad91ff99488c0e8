import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': '# sums\n' } });

const line = 'def add(a, b):\n    return ';

test('one daemon serves the window, and ends with it', async () => {
  const { vs, page } = on;
  const pid = await on.daemon();
  await vs.reloadInPeace();
  await vs.status('Ready').waitFor();
  await on.daemon(pid);
  await page.goto('about:blank');
  await eventually(() => on.daemons().length === 0, 'none');
});

test('a daemon that is killed is started again, and suggestions go on', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  const pid = await on.daemon();
  process.kill(pid, 'SIGKILL');
  await on.daemon(pid);
  await vs.status('Ready').waitFor();
  await vs.typeAtEnd('calc.py', line);
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
  process.kill(await on.daemon(), 'SIGKILL');
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
