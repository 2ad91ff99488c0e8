import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const before = 'def add(a, b):\n    return a + b\n';
const on = stage({ files: { 'calc.py': before } });

async function ask(instruction) {
  const { vs, page, gateway } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.selectAll('calc.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer(instruction);
  await eventually(() => gateway.requests.some(({ body }) => body.includes(instruction)), 'the question');
}

test('an edit whose gateway breaks off is told, and the text is as it was', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Break', ['def add(a: int, ', go]);
  await ask('Break');
  await page.locator('.monaco-diff-editor').waitFor();
  await gateway.down();
  await gateway.up();
  await page.locator('.notification-toast .codicon-error').first().waitFor();
  await on.shot('broken off');
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.editor('calc.py').waitFor();
  assert.equal(on.read('calc.py'), before);
  go.open();
});

test('an edit is cancelled by its button, and the connection is closed', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Wait', ['def add(', go]);
  await ask('Wait');
  await vs.toast('Editing').locator('.monaco-button', { hasText: 'Cancel' }).click();
  await eventually(
    () => gateway.requests.find(({ body }) => body.includes('Wait')).closed,
    'the connection closed',
  );
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  go.open();
});

test('text that changes under the stream is kept, and the edit is refused in words', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Type it', ['def add(a: int, b: int):\n', go, '    return a + b\n']);
  await ask('Type it');
  await eventually(async () => (await vs.diff('modified')).includes('a: int'), 'the first line');
  await page.locator('.monaco-diff-editor .editor.original .view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine\n');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('!');
  await vs.toast('The text to edit changed while the answer was written').waitFor();
  go.open();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  assert.match(on.read('calc.py'), /^# mine\n/);
  assert.match(on.read('calc.py'), /!/);
});

test('a file that is renamed under the stream, a diff that is closed, a window that is reloaded: nothing is lost', async () => {
  const { vs, page, gateway } = on;
  const [one, two, three] = [gate(), gate(), gate()];
  gateway.answer('First', ['def add(a: int', one]);
  await ask('First');
  fs.renameSync(on.file('calc.py'), on.file('sums.py'));
  fs.renameSync(on.file('sums.py'), on.file('calc.py'));
  await page.locator('.monaco-diff-editor').waitFor();
  await vs.command('View: Close Editor');
  await eventually(
    () => gateway.requests.find(({ body }) => body.includes('First')).closed,
    'closing cancels',
  );
  gateway.answer('Second', ['def add(a: int', two]);
  await ask('Second');
  await page.locator('.monaco-diff-editor').waitFor();
  await vs.reload();
  await vs.status('Ready').waitFor();
  await eventually(
    async () => (await page.locator('.tab[aria-label*="proposal"]').count()) === 0,
    'no empty proposal',
  );
  gateway.answer('Third', ['def add(a: int, b: int):\n    return a + b\n', three]);
  three.open();
  await ask('Third');
  await vs.editorAction('Accept All Changes').click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), before.replace('(a, b)', '(a: int, b: int)'));
  one.open();
  two.open();
});
