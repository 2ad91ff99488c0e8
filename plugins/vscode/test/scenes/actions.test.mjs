import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': 'def add(a, b):\n    return a + b\n' } });

async function lightBulb(action) {
  const { vs, page } = on;
  await vs.openFile(on.file('calc.py'));
  const row = page.locator('.action-widget .monaco-list-row').filter({ hasText: action }).first();
  // A window that is still settling closes what has just opened.
  await eventually(async () => {
    await vs.selectAll('calc.py');
    await page.keyboard.press('Control+.');
    return row.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
  }, action);
  await on.shot(`light bulb ${action}`);
  await row.click();
}

test('the light bulb explains', async () => {
  const { vs, gateway } = on;
  gateway.answer('Explain the selection', ['It adds ', 'two numbers.']);
  await lightBulb('Explain with');
  await vs.toast('It adds two numbers.').waitFor();
});

test('the light bulb rewrites as it is told, through the same diff as every edit', async () => {
  const { vs, gateway } = on;
  gateway.answer('Add types', ['def add(a: int, b: int):\n    return a + b\n']);
  await lightBulb('Rewrite…');
  await vs.answer('Add types');
  await eventually(async () => (await vs.diff('modified')).includes('a: int'), 'the proposal');
});

test("the daemon's own edits ask for confirmation before they are made", async () => {
  const { page, gateway } = on;
  gateway.answer('Add documentation comments', ['def add(a, b):\n    """Adds."""\n    return a + b\n']);
  await lightBulb('Document with');
  await page.locator('.refactor-preview-panel, .bulk-edit-panel, [id="refactorPreview"]').first().waitFor();
  await on.shot('refactor preview');
});
