import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const line = 'def add(a, b):\n    return ';

const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: ['# sums'] };

/** Two folders on disk and one that is not, in one window, and the editor as people have it: with IntelliSense. */
const on = stage({
  files: {
    'one/calc.py': '# one\n',
    'two/calc2.py': '# two\n',
    'one/book.ipynb': JSON.stringify({
      cells: [cell],
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
    'all.code-workspace': JSON.stringify({
      folders: [{ path: 'one' }, { path: 'two' }, { uri: 'probe-folder:/work', name: 'virtual' }],
    }),
  },
  settings: {
    'editor.quickSuggestions': { other: 'on' },
    'editor.wordBasedSuggestions': 'currentDocument',
    'editor.suggest.preview': true,
  },
  open: ({ file }) => file('all.code-workspace'),
  probe: true,
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
  await on.daemon();
  await on.shot('two folders');
});

test('a document that is not saved anywhere gets suggestions', async () => {
  const { vs, page } = on;
  await vs.command('File: New Untitled Text File');
  await vs.editor('Untitled-1').waitFor();
  await page.keyboard.type(line, { delay: 30 });
  await page.keyboard.press('Escape'); // a list of words may have come
  await vs.command('Trigger Inline Suggestion');
  await eventually(async () => (await vs.ghostText('Untitled-1')) === 'a + b', 'ghost text');
  await on.shot('untitled');
});

test('a file of a virtual folder gets suggestions, and one of no folder is left alone', async () => {
  const { vs, page, gateway } = on;
  await vs.command('Probe: Open a File of No Folder');
  await vs.typeAtEnd('elsewhere.py', 'secret = 1\n' + line);
  await page.keyboard.press('Escape');
  await vs.command('Trigger Inline Suggestion');
  await vs.command('Probe: Open a Virtual File');
  await vs.typeAtEnd('virtual.py', line);
  await page.keyboard.press('Escape');
  await vs.command('Trigger Inline Suggestion');
  await eventually(async () => (await vs.ghostText('virtual.py')) === 'a + b', 'ghost text');
  await on.shot('virtual file');
  assert.ok(!gateway.requests.some(({ body }) => body.includes('secret')), 'nothing of the other was sent');
});

test('a cell of a notebook gets suggestions', async () => {
  const { vs, page } = on;
  await vs.openFile(on.file('one/book.ipynb'), '.notebook-editor');
  await page.locator('.notebook-editor .cell .monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(`\n${line}`, { delay: 30 });
  const ghost = page.locator('.notebook-editor .cell .ghost-text-decoration');
  await eventually(async () => (await ghost.allTextContents()).join('') === 'a\u00a0+\u00a0b', 'ghost text');
  await on.shot('notebook');
});

test("the entry that is selected in IntelliSense's list is what the suggestion goes on from", async () => {
  const { vs, page, gateway } = on;
  fs.writeFileSync(on.file('one/calc.py'), 'fibonacci_number = 1\n');
  await vs.openFile(on.file('one/calc.py'));
  gateway.answer('fibonacci_number = 1\\nfibonacci_number', [' + 1']);
  await vs.typeAtEnd('calc.py', 'fib');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'fibonacci_number' }).waitFor();
  const lines = async () =>
    (await vs.editor('calc.py').locator('.view-lines').textContent()).replaceAll('\u00a0', ' ');
  await eventually(async () => (await lines()).includes('fibonacci_number + 1'), 'what follows the entry');
  await on.shot('intellisense beside');
  await page.keyboard.press('Tab');
  await vs.save('calc.py');
  assert.match(on.read('one/calc.py'), /^fibonacci_number = 1\nfibonacci_number/);
});
