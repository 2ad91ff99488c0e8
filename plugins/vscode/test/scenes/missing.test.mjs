// Windows in which the daemon cannot run: one message, and a way on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { stage } from '../lib/stage.mjs';

const on = stage({ daemon: false, ready: 'The daemon does not run' });

const onPath = () => path.join(on.scratch, 'bin/dragoman');

/** A program on PATH that says `words` when it is asked for its version. */
function program(words) {
  fs.writeFileSync(onPath(), `#!/bin/sh\necho '${words}'\n`, { mode: 0o755 });
}

async function press(message, button) {
  await on.vs.toast(message).locator('.monaco-button', { hasText: button }).click();
}

test('without a daemon there is one message with a way on, and a walkthrough', async () => {
  const { vs, page } = on;
  await vs.toast('The dragoman program is not installed').waitFor();
  await on.shot('no daemon');
  await press('is not installed', 'Open Settings');
  await page.locator('.settings-editor').waitFor();
  await page.locator('.setting-item-label', { hasText: 'Path' }).first().waitFor();
  await on.shot('no daemon settings');
  await page.keyboard.press('Escape');
  await vs.command('dragoman: Get Started');
  await page.locator('.gettingStartedContainer', { hasText: 'Choose a gateway and give its key' }).waitFor();
  await on.shot('walkthrough');
});

test('a daemon of another age is not run, which message says so, until there is one that fits', async () => {
  const { vs } = on;
  program('dragoman 0.0.9');
  await press('is not installed', 'Try Again');
  await vs.toast(/bin\/dragoman is version 0\.0\.9, which is too old for this extension/).waitFor();
  await on.shot('daemon too old');
  program('dragoman 9.1.0 (editor protocol 2)');
  await press('too old', 'Try Again');
  await vs.toast(/bin\/dragoman is version 9\.1\.0, which is too new for this extension/).waitFor();
  program('GNU bash, version 5.2');
  await press('too new', 'Try Again');
  await vs.toast('bin/dragoman does not run: --version: GNU bash, version 5.2').waitFor();
  await vs.status('The daemon does not run').waitFor();
  assert.equal(await vs.toast('dragoman').count(), 1, 'one message at a time');
  fs.copyFileSync(path.join(process.env.DRAGOMAN_BIN, 'dragoman'), onPath());
  await press('does not run', 'Try Again');
  await vs.status('Ready').waitFor();
});
