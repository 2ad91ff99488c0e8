// The package for this platform, as people install it, and the figures that it is held to.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': '# sums\n' }, vsix: process.env.DRAGOMAN_VSIX_HERE, daemon: false });

/** What the extension should take of the extension host's time when a window opens, on a machine that is not busy. */
const ACTIVATION_MS = 50;

/** The milliseconds of the rows of *Running Extensions*, loading code and `activate` together: ours, and the slowest other. */
async function activation() {
  const { vs, page } = on;
  await vs.command('Developer: Show Running Extensions');
  const rows = page.locator('.runtime-extensions-editor .extension');
  const ours = rows
    .filter({ hasText: 'dragoman' })
    .first()
    .locator('.activation-time')
    .filter({ hasText: 'ms' });
  await ours.waitFor();
  const told = (text) => Number(/(\d+)\s*ms/.exec(text)?.[1] ?? 0);
  const others = await rows.filter({ hasNotText: 'dragoman' }).locator('.activation-time').allTextContents();
  return { ours: told(await ours.textContent()), slowest: Math.max(0, ...others.map(told)) };
}

test('the package for this platform brings its daemon: a suggestion comes with nothing on PATH', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await on.daemon();
});

test('the bundle is small, and activation no longer than that of what VS Code brings along', async (context) => {
  const { vs, page } = on;
  const dist = path.join(import.meta.dirname, '../../dist');
  const size = fs.readdirSync(dist).reduce((sum, name) => sum + fs.statSync(path.join(dist, name)).size, 0);
  context.diagnostic(`bundle: ${Math.round(size / 1024)} KiB (limit 1536)`);
  assert.ok(size <= 1536 * 1024);
  // A busy machine adds to all of them: of some windows the best, and beside the others of the same window.
  const times = [await activation()];
  await on.shot('running extensions');
  const isShort = ({ ours, slowest }) => ours <= Math.max(ACTIVATION_MS, slowest);
  while (!times.some(isShort) && times.length < 5) {
    await vs.reload();
    await vs.status('Ready').waitFor();
    times.push(await activation());
  }
  const figures = times.map(({ ours, slowest }) => `${ours} (slowest other ${slowest})`).join(', ');
  context.diagnostic(`activation: ${figures} ms (aim ${ACTIVATION_MS})`);
  assert.ok(times.some(isShort));
  await page.keyboard.press('Escape');
});
