import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

/** The pictures of the READMEs. Into the folder DRAGOMAN_PICTURES, as seen from the root (`docs`), else to the shots. */
const FOLDER = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.DRAGOMAN_PICTURES ?? process.env.DRAGOMAN_SHOTS,
);
/** So that a page with all of them is there at once. */
const MOST_BYTES = 160_000;

const source = `from dataclasses import dataclass


@dataclass
class Line:
    title: str
    price: float
    count: int = 1


def total(lines: list[Line]) -> float:
    """What a customer pays."""
    return sum(line.price * line.count for line in lines)


`;

const on = stage({
  files: { 'invoice.py': source },
  settings: {
    'workbench.colorTheme': 'Dark Modern',
    'breadcrumbs.enabled': false,
    'editor.renderLineHighlight': 'none',
    'editor.lineNumbersMinChars': 3,
    'editor.guides.indentation': false,
    'editor.lightbulb.enabled': 'off',
    'editor.scrollbar.vertical': 'hidden',
    'editor.overviewRulerBorder': false,
    'editor.hideCursorInOverviewRuler': true,
  },
  scale: 1.5,
});

async function picture(name, clip) {
  const file = path.join(FOLDER, `${name}.png`);
  fs.mkdirSync(FOLDER, { recursive: true });
  await on.page.screenshot({ path: file, clip, caret: 'initial' });
  assert.ok(fs.statSync(file).size <= MOST_BYTES, `${name} has ${fs.statSync(file).size} bytes`);
}
const boxOf = async (selector) => on.page.locator(selector).first().boundingBox();

test('ghost text', async () => {
  const { vs, gateway, page } = on;
  gateway.answer('-> Line:\\n', [
    'best = lines[0]\n    for line in lines:\n        if line.price > best.price:\n            best = line\n    return best\n',
  ]);
  await vs.openFile(on.file('invoice.py'));
  await vs.editor('invoice.py').locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('def dearest(lines: list[Line]) -> Line:');
  await page.keyboard.type('\n    ');
  await eventually(async () => (await vs.ghostText('invoice.py')).includes('return best'), 'ghost text');
  const { x, y } = await boxOf('.part.editor');
  await picture('vscode-ghost-text', { x, y, width: 600, height: 340 });
});

test('chat', async () => {
  const { vs, gateway, page } = on;
  await page.setViewportSize({ width: 1000, height: 720 });
  gateway.answer('cent', [
    { thought: 'Binary floating point.' },
    'Prices are `float`, which has no exact tenth. Keep money in `Decimal`:\n\n',
    '```python\nfrom decimal import Decimal\n\n@dataclass\nclass Line:\n    title: str\n    price: Decimal\n    count: int = 1\n```\n\n',
    '| price | `float` | `Decimal` |\n|---|---|---|\n| 3 × 0.10 | 0.30000000000000004 | 0.30 |\n',
  ]);
  await vs.openFile(on.file('invoice.py'));
  await vs.editor('invoice.py').locator('.view-lines').click();
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowDown');
  for (let i = 0; i < 5; ++i) await page.keyboard.press('Shift+ArrowDown');
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'invoice.py:4-8' }).waitFor();
  // As wide as a person has it who chats.
  const { x, width } = await boxOf('.part.sidebar');
  await page.mouse.move(x + width + 1, 400);
  await page.mouse.down();
  await page.mouse.move(x + width + 80, 400, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(500, 200);
  await view.locator('.composer textarea').fill('Why is the sum off by a cent?');
  await view.locator('.composer textarea').press('Enter');
  await view.locator('article:not(.streaming) .facts', { hasText: 'read' }).waitFor();
  await view.locator('.composer textarea:focus').waitFor();
  await page.locator('.monaco-sash.hover, .monaco-sash.active').waitFor({ state: 'detached' });
  const side = await boxOf('.part.sidebar');
  await picture('vscode-chat', { x: side.x, y: side.y, width: 1000 - side.x, height: side.height });
});
