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

test('each change has its own buttons: in its hover on the right side, above it in the document', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('Add types', typed);
  await ask('Add types');
  const right = page.locator('.monaco-diff-editor .editor.modified');
  const marks = (...all) =>
    eventually(async () => (await vs.marks()).sort().join() === all.join(), all.join());
  await marks('change 1 of 2', 'change 2 of 2');
  await eventually(async () => {
    await right.locator('.view-line', { hasText: 'sub' }).locator('span', { hasText: 'int' }).last().hover();
    return page.locator('.monaco-hover a', { hasText: 'Discard' }).first().isVisible();
  }, 'a hover');
  await on.shot('edit hover');
  await page.locator('.monaco-hover a', { hasText: 'Discard' }).first().click();
  await marks('change 1 of 1');
  assert.ok((await vs.diff('modified')).includes('def sub(a, b)'), 'the second is dropped');
  // By its tab: the list of recent files names the proposal, too.
  await page.locator('.tab:not([aria-label*="proposal"])', { hasText: 'calc.py' }).click();
  await vs.editor('calc.py').waitFor();
  const lens = vs.editor('calc.py').locator('.codelens-decoration a', { hasText: 'Accept' });
  await lens.waitFor();
  await on.shot('edit code lens');
  await lens.click();
  await lens.waitFor({ state: 'detached' });
  await page.locator('.tab[aria-label*="proposal"]').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), before.replace('add(a, b)', 'add(a: int, b: int)'));
});
