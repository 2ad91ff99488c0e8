import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const line = 'def add(a, b):\n    return ';

/** Two folders in one window, and the editor as people have it: with IntelliSense. */
const on = stage({
  files: {
    'one/calc.py': '# one\n',
    'two/calc2.py': '# two\n',
    'all.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
  },
  settings: {
    'editor.quickSuggestions': { other: 'on' },
    'editor.wordBasedSuggestions': 'currentDocument',
    'editor.suggest.preview': true,
  },
  open: ({ file }) => file('all.code-workspace'),
});

test('one daemon serves all folders of a window', async () => {
  const { vs, page } = on;
  for (const [folder, name] of [
    ['one', 'calc.py'],
    ['two', 'calc2.py'],
  ]) {
    await vs.openFile(on.file(`${folder}/${name}`));
    await vs.typeAtEnd(name, line);
    await page.keyboard.press('Escape');
    await vs.command('Trigger Inline Suggestion');
    await eventually(async () => (await vs.ghostText(name)) === 'a + b', `ghost text in ${name}`);
  }
  assert.equal(on.daemons().length, 1);
  await on.shot('two folders');
});

test('a document that is not saved anywhere gets suggestions', async () => {
  const { vs, page } = on;
  await vs.command('File: New Untitled Text File');
  await vs.editor('Untitled-1').waitFor();
  await page.keyboard.type(line, { delay: 30 });
  await eventually(async () => (await vs.ghostText('Untitled-1')) === 'a + b', 'ghost text');
  await on.shot('untitled');
});

test("the entry that is selected in IntelliSense's list is what the suggestion goes on from", async () => {
  const { vs, page, gateway } = on;
  fs.writeFileSync(on.file('one/calc.py'), 'fibonacci_number = 1\n');
  await vs.openFile(on.file('one/calc.py'));
  gateway.answer('fibonacci_number = 1\\nfib', ['onacci_number + 1']);
  await vs.typeAtEnd('calc.py', 'fib');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'fibonacci_number' }).waitFor();
  await on.shot('intellisense beside');
  await page.keyboard.press('Tab');
  await eventually(
    async () =>
      (await vs.editor('calc.py').locator('.view-lines').textContent()).includes('fibonacci_number'),
    'the entry',
  );
});
