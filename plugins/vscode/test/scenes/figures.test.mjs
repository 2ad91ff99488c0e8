// The figures that the extension is held to. Sizes are asserted; times are told, since they depend on the machine.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { stage } from '../lib/stage.mjs';

const on = stage();

test('the bundle is small, and activation short', async (context) => {
  const { vs, page } = on;
  const dist = path.join(import.meta.dirname, '../../dist');
  const size = fs.readdirSync(dist).reduce((sum, name) => sum + fs.statSync(path.join(dist, name)).size, 0);
  context.diagnostic(`bundle: ${Math.round(size / 1024)} KiB (limit 1536)`);
  assert.ok(size <= 1536 * 1024);
  await vs.command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'dragoman' }).first();
  const time = row.locator('.activation-time');
  await time.filter({ hasText: 'ms' }).waitFor();
  context.diagnostic(`${(await time.textContent()).trim()} (aim: 50 ms on an idle machine)`);
  await on.shot('running extensions');
});
