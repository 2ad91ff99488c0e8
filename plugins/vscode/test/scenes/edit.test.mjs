import assert from 'node:assert/strict';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const before = 'def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n';
const on = stage({ files: { 'calc.py': before } });

/** The answer with types at both functions; the second half comes when `go` opens. */
const typed = [
  'def add(a: int, b: int):\n    return a + b\n\n\n',
  'def sub(a: int, b: int):\n    return a - b\n',
];

async function ask(instruction) {
  const { vs, page } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.selectAll('calc.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer(instruction);
}

test('an edit streams into a diff, and is accepted change by change', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Add types', [typed[0], go, typed[1]]);
  await ask('Add types');
  await eventually(
    async () => (await vs.diff('modified')).includes('def add(a: int, b: int)'),
    'the first half',
  );
  assert.ok((await vs.diff('modified')).includes('def sub(a, b)'), 'the rest is still the old text');
  await on.shot('edit streams');
  go.open();
  await eventually(
    async () => (await vs.diff('modified')).includes('def sub(a: int, b: int)'),
    'the second half',
  );
  await on.shot('edit proposed');
  assert.equal(on.read('calc.py'), before, 'nothing is changed yet');
  await vs.editorAction('Accept This Change').click();
  await eventually(
    async () => (await vs.diff('original')).includes('def add(a: int, b: int)'),
    'the first is taken',
  );
  assert.ok((await vs.diff('original')).includes('def sub(a, b)'), 'the second is not');
  await on.shot('edit first accepted');
  await vs.editorAction('Discard This Change').click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), before.replace('add(a, b)', 'add(a: int, b: int)'));
});
