import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': '# sums\n', 'notes.md': 'first\n' } });

test('ghost text comes from the daemon, is typed through, and taken with Tab', async () => {
  const { vs, page, gateway } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await on.shot('ghost text');
  assert.equal(on.read('calc.py'), '# sums\n', 'ghost text is not in the file');
  await page.keyboard.type('a +');
  await eventually(async () => (await vs.ghostText('calc.py')) === ' b', 'the rest of it');
  await page.keyboard.press('Tab');
  await vs.ghost('calc.py').first().waitFor({ state: 'detached' });
  await vs.save('calc.py');
  await eventually(
    () => on.read('calc.py') === '# sums\ndef add(a, b):\n    return a + b',
    'the file on disk',
  );
  assert.ok(gateway.requests.some(({ headers }) => headers.authorization === `Bearer ${gateway.key}`));
});
