// The package for this platform, as people install it, and the figures that it is held to.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': '# sums\n' }, vsix: process.env.DRAGOMAN_VSIX_HERE, daemon: false });

/** What the extension may take of the extension host's time when a window opens. */
const ACTIVATION_MS = 50;

/** The sum of the milliseconds of the row of *Running Extensions*: loading its code, and its `activate`. */
async function activation() {
  const { vs, page } = on;
  await vs.command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'dragoman' }).first();
  const time = row.locator('.activation-time').filter({ hasText: 'ms' });
  await time.waitFor();
  return Number(/(\d+)\s*ms/.exec(await time.textContent())[1]);
}

test('the package for this platform brings its daemon: a suggestion comes with nothing on PATH', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await on.daemon();
});

test('the bundle is small, and activation short', async (context) => {
  const { vs, page } = on;
  const dist = path.join(import.meta.dirname, '../../dist');
  const size = fs.readdirSync(dist).reduce((sum, name) => sum + fs.statSync(path.join(dist, name)).size, 0);
  context.diagnostic(`bundle: ${Math.round(size / 1024)} KiB (limit 1536)`);
  assert.ok(size <= 1536 * 1024);
  // A busy machine only ever adds to a time, so the best of some windows is what activation itself takes.
  const times = [await activation()];
  await on.shot('running extensions');
  while (Math.min(...times) > ACTIVATION_MS && times.length < 5) {
    await vs.reload();
    await vs.status('Ready').waitFor();
    times.push(await activation());
  }
  context.diagnostic(`activation: ${times.join(', ')} ms (limit ${ACTIVATION_MS})`);
  assert.ok(Math.min(...times) <= ACTIVATION_MS);
  await page.keyboard.press('Escape');
});
