import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': 'def add(a, b):\n    return a + b\n' } });

const focused = (view) =>
  view
    .locator('body')
    .evaluate(() => document.activeElement.dataset.act ?? document.activeElement.tagName.toLowerCase());
const isFocused = (view, what) =>
  eventually(async () => (await focused(view)) === what, `the focus is on ${what}`);

/** Presses Tab until the focus is on `what`. */
async function tabTo(view, what, key = 'Tab') {
  for (let i = 0; i < 40 && (await focused(view)) !== what; ++i) await on.page.keyboard.press(key);
  assert.equal(await focused(view), what);
}

test('a conversation is had with the keyboard alone, and the focus is never lost', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('By keys', ['First:\n\n```python\ndef add(a: int, b):\n    return a + b\n```\n']);
  await vs.openFile(on.file('calc.py'));
  await page.keyboard.press('Control+Alt+C');
  const view = vs.webview();
  await isFocused(view, 'textarea');
  await tabTo(view, 'attach');
  await page.keyboard.press('Enter');
  await vs.input().waitFor();
  await page.keyboard.type('Open file');
  await vs.row('Open file').waitFor();
  await page.keyboard.press('Enter');
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await isFocused(view, 'textarea');
  await tabTo(view, 'detach', 'Shift+Tab');
  await page.keyboard.press('Space');
  await view.locator('.composer .attached li').waitFor({ state: 'detached' });
  await isFocused(view, 'textarea');
  await page.keyboard.type('By keys');
  await page.keyboard.press('Enter');
  await view.locator('article:not(.streaming) .foot .facts', { hasText: 'read' }).waitFor();
  await isFocused(view, 'textarea');

  // Its code as a diff, which is discarded by its own keys.
  await tabTo(view, 'apply', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await eventually(async () => (await vs.diff('modified')).includes('a: int'), 'the proposal');
  await vs.command('dragoman: Discard All Changes');
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });

  // Asked again: the button goes, the focus does not.
  const go = gate();
  gateway.answer('By keys', ['Second, ', go, 'whole.']);
  await page.keyboard.press('Control+Alt+C');
  await isFocused(view, 'textarea');
  await tabTo(view, 'retry', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await view.locator('.text', { hasText: 'Second,' }).waitFor();
  await isFocused(view, 'textarea');
  go.open();
  await view.locator('.text', { hasText: 'Second, whole.' }).waitFor();

  // The question is edited, and that is given up and done.
  await tabTo(view, 'edit', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await isFocused(view, 'textarea');
  assert.equal(await view.locator('.question textarea').inputValue(), 'By keys');
  await page.keyboard.press('Escape');
  await isFocused(view, 'edit');
  await page.keyboard.press('Enter');
  gateway.answer('By other keys', ['Third.']);
  await page.keyboard.press('Control+A');
  // VS Code answers this key itself, in its own time.
  const field = view.locator('.question textarea');
  await eventually(
    () => field.evaluate((it) => it.selectionStart === 0 && it.selectionEnd === it.value.length),
    'all is selected',
  );
  await page.keyboard.type('By other keys');
  await page.keyboard.press('Enter');
  await view.locator('.text', { hasText: 'Third.' }).waitFor();
  await isFocused(view, 'textarea');

  // Another model, and another conversation.
  await tabTo(view, 'chooseModel');
  await page.keyboard.press('Enter');
  await vs.row('gw/gpt-4o').waitFor();
  await page.keyboard.press('Escape');
  await vs.input().waitFor({ state: 'hidden' });
  await isFocused(view, 'textarea');
  await vs.command('dragoman: New Chat');
  await view.locator('.empty').waitFor();
  await isFocused(view, 'textarea');
});

test('a screen reader is told what everything is, and when an answer begins and ends', async () => {
  const { vs, gateway } = on;
  const go = gate();
  gateway.answer('Roles', [
    { thought: 'hm' },
    '# Sums\n\n- [site](https://x.example)\n\n',
    go,
    '```js\nlet a;\n```\n',
  ]);
  await vs.openFile(on.file('calc.py'));
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await view.locator('.composer textarea').fill('Roles?');
  await view.locator('.composer textarea').press('Enter');
  await view.locator('.text li').waitFor();
  const says = (name) => view.getByRole('status').filter({ hasText: name }).waitFor();
  await says('The answer is being written.');
  await view.getByRole('button', { name: 'Stop' }).waitFor();
  assert.equal(await view.getByRole('article').getAttribute('aria-busy'), 'true');
  go.open();
  await says('The answer is complete.');
  assert.equal(await view.getByRole('article').getAttribute('aria-busy'), 'false');
  const log = view.getByRole('main', { name: 'Conversation' });
  for (const [role, name] of [
    ['heading', 'Question'],
    ['heading', 'Answer'],
    ['heading', 'Sums'],
    ['list', 'Attachments'],
    ['button', 'Edit'],
    ['group', 'js'],
    ['link', 'site'],
    ['button', 'Copy'],
    ['button', 'Insert'],
    ['button', 'Apply'],
    ['button', 'Retry'],
    ['button', 'Fork'],
  ])
    assert.equal(await log.getByRole(role, { name, exact: true }).count(), 1, `${role} ${name}`);
  await view.getByRole('textbox', { name: 'Ask a question' }).waitFor();
  await view
    .getByRole('button', { name: 'Model: gw/deepseek-chat' })
    .or(view.getByRole('button', { name: 'Model: Default model' }))
    .waitFor();
  // The headings go down by one: those of the view, then the answer's own.
  assert.deepEqual(await log.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((one) => one.tagName)), [
    'H2',
    'H2',
    'H3',
  ]);
  assert.equal(
    await view.locator('button').evaluateAll((all) => all.filter((one) => !one.textContent.trim()).length),
    0,
    'every button has a name',
  );
});

/** In the page: the texts whose contrast is less than WCAG 2.2 asks for (1.4.3, AA). */
function faint() {
  const numbers = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((one, i) => one * a + under[i] * (1 - a));
  const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
  // The page itself is clear: what lies behind it is the side bar.
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.backgroundColor = 'var(--vscode-sideBar-background)';
  const ground = numbers(getComputedStyle(probe).backgroundColor);
  probe.remove();
  const behind = (element) =>
    chain(element).reduce(
      (under, one) => over(numbers(getComputedStyle(one).backgroundColor), under),
      ground,
    );
  const luminance = (colour) => {
    const [r, g, b] = colour.map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const out = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (
      !texts.currentNode.data.trim() ||
      !element.checkVisibility() ||
      element.closest('.unseen, script, style')
    )
      continue;
    const under = behind(element);
    const [light, dark] = [over(numbers(getComputedStyle(element).color), under), under]
      .map(luminance)
      .sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5)
      out.push(
        `${element.tagName}.${element.className} “${texts.currentNode.data.slice(0, 20)}” ${contrast.toFixed(2)}`,
      );
  }
  return [...new Set(out)];
}

test('every text can be read in light, dark and high-contrast themes', async () => {
  const { vs, gateway } = on;
  gateway.answer('Colours', [
    { thought: 'Some thoughts.' },
    '## All there is\n\nA [link](https://x.example), `code`, $a_1$, a\u202eb, ![image](https://x.example/i.png).\n\n',
    '> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n',
    '```python\n# a comment\n@wrap\ndef add(a: int, b=1.5):\n    """A sum."""\n    return f"{a + b}" if a else None\n```\n',
    '```diff\n- out\n+ in\n```\n```html\n<a href="x">y</a>\n```\n',
  ]);
  await vs.openFile(on.file('calc.py'));
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await view.locator('.composer textarea').fill('Colours?');
  await view.locator('.composer textarea').press('Enter');
  await view.locator('article:not(.streaming) .facts', { hasText: 'read' }).waitFor();
  gateway.refuse('Refuse', 500, { error: { message: 'out of order' } });
  await view.locator('.composer textarea').fill('Refuse this');
  await view.locator('.composer textarea').press('Enter');
  await view.locator('.notice.problem').waitFor();
  await view.locator('.reasoning summary').first().click();
  await vs.command('dragoman: Add to Chat');
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await view.locator('main').evaluate((main) => (main.scrollTop = 0));
  const tooLong = () => view.locator('html').evaluate((page) => page.scrollHeight - page.clientHeight);
  assert.equal(await tooLong(), 0, 'only the transcript scrolls');
  const file = path.join(on.scratch, 'data/User/settings.json');
  const found = {};
  for (const [theme, kind] of [
    ['Light Modern', 'vscode-light'],
    ['Dark Modern', 'vscode-dark'],
    ['Default High Contrast Light', 'vscode-high-contrast-light'],
    ['Default High Contrast', 'vscode-high-contrast'],
  ]) {
    fs.writeFileSync(file, JSON.stringify({ ...on.settings(), 'workbench.colorTheme': theme }));
    await vs.reloadInPeace();
    await view.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
    await view.locator('article:not(.streaming) .facts', { hasText: 'read' }).waitFor();
    await view.locator('.reasoning summary').first().click();
    await view.locator('main').evaluate((main) => (main.scrollTop = 0));
    const readable = async () => {
      found[theme] = await view.locator('body').evaluate(faint);
      return found[theme].length === 0;
    };
    // The colours come a moment after the kind.
    await eventually(readable, theme, 5000).catch(() => {});
    await on.shot(`chat theme ${theme}`);
  }
  assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found, null, 1));
});
