import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const before = 'def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n';
const on = stage({ files: { 'calc.py': before } });

/** The side bar's chat, open. */
async function chat() {
  await on.vs.command('dragoman: Open Chat');
  const view = on.vs.webview();
  await view.locator('.composer textarea').waitFor();
  return view;
}
async function ask(view, question) {
  await view.locator('.composer textarea').fill(question);
  await on.page.keyboard.press('Enter');
}
const answers = (view) => view.locator('.answer .text');
/** Waits for the end of the newest answer. */
const done = (view) =>
  view.locator('article:last-child:not(.streaming) .foot .facts', { hasText: 'read' }).waitFor();
/** In the page: what it is not let do. */
async function tryAll(body) {
  const out = [];
  const attempt = async (what, run) => {
    const refused = new Promise((resolve) =>
      document.addEventListener('securitypolicyviolation', () => resolve(true), { once: true }),
    );
    const done = Promise.resolve().then(run);
    if (
      await Promise.race([
        refused,
        done.then(
          () => refused,
          () => true,
        ),
      ])
    )
      out.push(what);
  };
  await attempt('markup', () => (document.createElement('p').innerHTML = '<b>x</b>'));
  await attempt('script', () => (document.createElement('script').text = '1'));
  await attempt('fetch', () => fetch('https://evil.example/'));
  await attempt('image', () => (new Image().src = 'https://evil.example/x.png'));
  await attempt('frame', () => {
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    body.append(frame);
  });
  return out;
}
const sent = (about) => on.gateway.requests.filter(({ body }) => body.includes(about));

test('an answer streams: reasoning is folded, text, tables and code show as they come, figures at the end', async () => {
  const { gateway, page } = on;
  const [one, two] = [gate(), gate()];
  gateway.answer('How do I add', [
    { thought: 'The user wants ' },
    { thought: 'a sum.' },
    'Use **plus**.\n\n',
    one,
    '| a | b |\n|---|---|\n| 1 | 2 |\n\nThe sum $a_1 + b_1$:\n\n```python\ndef add(a, b):\n',
    two,
    '    return a + b\n```\n\nThat is all.',
  ]);
  const view = await chat();
  await on.shot('chat empty');
  await ask(view, 'How do I add?');
  await view.locator('.text strong', { hasText: 'plus' }).waitFor();
  assert.equal(await view.locator('.reasoning').evaluate((details) => details.open), false);
  assert.equal(await view.locator('.thoughts').textContent(), 'The user wants a sum.');
  assert.match(await view.locator('.live').textContent(), /being written/);
  one.open();
  await view.locator('.text td', { hasText: '2' }).waitFor();
  await view.locator('.text pre', { hasText: 'def add' }).waitFor();
  await on.shot('chat streaming');
  two.open();
  await done(view);
  await view.locator('.hljs-keyword', { hasText: 'return' }).waitFor();
  assert.match(await view.locator('.math').textContent(), /^\$a_1 \+ b_1\$$/);
  assert.match(await view.locator('.facts').textContent(), /gw\/deepseek-chat · 1,000,000 tokens read/);
  assert.match(await view.locator('.live').textContent(), /complete/);
  await view.locator('.reasoning summary').click();
  await on.shot('chat answered');
  await page.keyboard.press('Tab');
});

test('code is copied, inserted at the cursor, and applied as a diff', async () => {
  const { gateway, page, vs } = on;
  const code = before.replace('add(a, b)', 'add(a: int, b: int)');
  gateway.answer('Types', [`Here:\n\n\`\`\`python\n${code}\`\`\`\n`]);
  await vs.openFile(on.file('calc.py'));
  const view = await chat();
  await ask(view, 'Types, please');
  await done(view);
  await view.locator('[data-act=copy]').click();
  await eventually(
    async () => (await page.evaluate(() => navigator.clipboard.readText())) === code,
    'copied',
  );
  await view.locator('[data-act=apply]').click();
  await eventually(async () => (await vs.diff('modified')).includes('a: int'), 'the proposal');
  assert.ok((await vs.diff('original')).includes('def add(a, b)'), 'nothing is changed yet');
  await on.shot('chat apply');
  await vs.editorAction('Accept All Changes').click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), code);
  // One function takes the place of that function, and the rest stays.
  gateway.answer('Negate', ['```python\ndef sub(a, b):\n    return b - a\n```\n']);
  await ask(view, 'Negate it');
  await view.locator('article:last-child:not(.streaming) [data-act=apply]').click();
  await eventually(async () => (await vs.diff('modified')).includes('b - a'), 'the second proposal');
  assert.ok((await vs.diff('modified')).includes('a: int'), 'the other function stays');
  await vs.editorAction('Accept All Changes').click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await vs.save('calc.py');
  const negated = code.replace('a - b', 'b - a');
  assert.equal(on.read('calc.py'), negated);
  await vs.editor('calc.py').locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await view.locator('article:first-of-type [data-act=insert]').click();
  await page.locator('.tab.dirty[data-resource-name="calc.py"]').waitFor();
  await vs.command('File: Save');
  await eventually(() => on.read('calc.py') === negated + code, 'inserted');
});

test('a selection, the problems and an image go along, by name', async () => {
  const { gateway, page, vs } = on;
  gateway.answer('What is this', ['A sum.']);
  await vs.openFile(on.file('calc.py'));
  await vs.editor('calc.py').locator('.view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await vs.command('dragoman: Add to Chat');
  const view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'calc.py:1-2' }).waitFor();
  await view.locator('[data-act=attach]').click();
  await vs.pick('Open file');
  await view.locator('.composer .attached li', { hasText: /^calc\.py×/ }).waitFor();
  await on.shot('chat attached');
  await view.locator('[aria-label="Remove: calc.py"]').click();
  await view.locator('.composer textarea').evaluate((field) => {
    const png = Uint8Array.from(
      atob(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      ),
      (c) => c.charCodeAt(0),
    );
    const data = new DataTransfer();
    data.items.add(new File([png], 'dot.png', { type: 'image/png' }));
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await view.locator('.composer .attached li', { hasText: 'dot.png' }).waitFor();
  await ask(view, 'What is this?');
  await done(view);
  const [{ body }] = sent('What is this');
  assert.match(body, /calc\.py/);
  assert.match(body, /return a \+ b/);
  assert.doesNotMatch(body, /def sub/);
  assert.match(body, /image\/png/);
  assert.equal(await view.locator('.composer .attached li').count(), 0);
  await view.locator('.question .attached li', { hasText: 'calc.py:1-2' }).waitFor();
});

test('an answer is stopped, goes on, and is asked for again; a question is edited', async () => {
  const { gateway, page } = on;
  const never = gate();
  gateway.answer('Count', ['one, ', never]);
  const view = await chat();
  await ask(view, 'Count');
  await view.locator('.text', { hasText: 'one,' }).waitFor();
  await view.locator('.composer .primary', { hasText: 'Stop' }).click();
  await view.locator('.notice', { hasText: 'Stopped' }).waitFor();
  await eventually(() => sent('Count')[0].closed, 'the connection closed');
  never.open();
  gateway.answer('Count', ['two.']);
  await view.locator('[data-act=continue]').click();
  await view.locator('.text', { hasText: 'one, two.' }).waitFor();
  await done(view);
  gateway.answer('Count', ['un, deux.']);
  await view.locator('[data-act=retry]').click();
  await view.locator('.text', { hasText: 'un, deux.' }).waitFor();
  await done(view);
  gateway.answer('Contar', ['uno, dos.']);
  await view.locator('[data-act=edit]').click();
  await view.locator('.question textarea').fill('Contar');
  await on.shot('chat edit question');
  await page.keyboard.press('Enter');
  await view.locator('.text', { hasText: 'uno, dos.' }).waitFor();
  assert.equal(await view.locator('article').count(), 1);
  assert.doesNotMatch(sent('Contar')[0].body, /deux/);
});

test('a conversation is forked, found, renamed, deleted, and is there after a reload', async () => {
  const { gateway, page, vs } = on;
  for (const [question, answer] of [
    ['Zebra first', 'stripes'],
    ['Zebra second', 'more stripes'],
  ])
    gateway.answer(question, [answer]);
  let view = await chat();
  await ask(view, 'Zebra first');
  await done(view);
  await ask(view, 'Zebra second');
  await view.locator('article:nth-of-type(2):not(.streaming) .text', { hasText: 'more stripes' }).waitFor();
  await view.locator('article:nth-of-type(1) [data-act=fork]').click();
  await eventually(async () => (await view.locator('article').count()) === 1, 'the fork');
  await view.locator('.composer textarea').fill('half a quest');
  await vs.openView('Explorer');
  await vs.command('dragoman: Open Chat');
  view = vs.webview();
  await view.locator('.text', { hasText: 'stripes' }).waitFor();
  assert.equal(await view.locator('.composer textarea').inputValue(), 'half a quest');
  await vs.reloadInPeace();
  await vs.status('Ready').waitFor();
  view = vs.webview();
  await view.locator('.text', { hasText: 'stripes' }).waitFor();
  await vs.command('dragoman: Show Conversations');
  await vs.input().fill('more stri');
  await eventually(
    async () => (await page.locator('.quick-input-list .monaco-list-row').count()) === 1,
    'found',
  );
  await on.shot('chat list');
  await vs.row('Zebra first').hover();
  await vs.row('Zebra first').locator('.action-label[aria-label^="Rename"]').click();
  await page.locator('.quick-input-widget', { hasText: 'Rename the conversation' }).waitFor();
  await vs.answer('Stripes');
  await vs.row('Stripes').waitFor();
  await vs.pick('Stripes');
  await eventually(async () => (await view.locator('article').count()) === 2, 'opened');
  // It takes the focus last, and a list that loses it closes.
  await view.locator('.composer textarea:focus').waitFor();
  await vs.command('dragoman: Show Conversations');
  await vs.row('Stripes').hover();
  await vs.row('Stripes').locator('.action-label[aria-label^="Delete"]').click();
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).click();
  await eventually(async () => (await view.locator('article').count()) === 0, 'the view is empty');
  await vs.row('Zebra first').waitFor();
  await on.shot('chat deleted');
});

test('a model is chosen for the conversation', async () => {
  const { gateway, vs } = on;
  gateway.answer('Which one', ['me']);
  const view = await chat();
  await view.locator('[data-act=chooseModel]').click();
  await vs.pick('gw/gpt-4o');
  await view.locator('.model', { hasText: 'gw/gpt-4o' }).waitFor();
  await ask(view, 'Which one?');
  await done(view);
  assert.equal(JSON.parse(sent('Which one')[0].body).model, 'gpt-4o');
});

test('hostile Markdown stays text', async () => {
  const { gateway, page } = on;
  gateway.answer('Be evil', [
    '<script>document.body.dataset.owned = 1</script>\n\n<img src="https://evil.example/x.png" onerror="document.body.dataset.owned = 1">\n\n',
    '[run](command:workbench.action.quit) [js](javascript:alert(1)) [file](file:///etc/passwd)\n\n',
    '![pixel](https://evil.example/pixel.png) [bank](https://evil.example/login?to=a%26b&x=1%2F2)\n\n',
    '<div><iframe src="https://evil.example"></iframe></div>\n\na\u202eb `c\u2066d`\n\n[x]: command:quit\n\n[x] <command:quit>\n\n',
    '```html\n</code></pre><script>document.body.dataset.owned = 1</script>\n```\n',
  ]);
  const view = await chat();
  await ask(view, 'Be evil');
  await done(view);
  assert.equal(
    await view.locator('.text').locator('script, img, iframe, style, a[href], [onerror]').count(),
    0,
  );
  assert.equal(await view.locator('body').evaluate((body) => body.dataset.owned), undefined);
  const urls = await view
    .locator('.text [data-url]')
    .evaluateAll((all) => all.map((link) => link.dataset.url));
  assert.ok(urls.length > 0 && urls.every((url) => url.startsWith('https://evil.example')), urls.join());
  assert.equal(await view.locator('.control').count(), 2);
  const policy = await view.locator('meta[http-equiv]').getAttribute('content');
  assert.match(
    policy,
    /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'/,
  );
  await on.shot('chat hostile');
  // And if something of it did become markup one day: the page is not let.
  assert.deepEqual(await view.locator('body').evaluate(tryAll), [
    'markup',
    'script',
    'fetch',
    'image',
    'frame',
  ]);
  await view.locator('.text [data-url]', { hasText: 'bank' }).click();
  await page.locator('.monaco-dialog-box', { hasText: 'evil.example' }).waitFor();
  await on.shot('chat link');
  await on.context.route('https://evil.example/**', (route) => route.abort());
  const opened = on.context.waitForEvent('request', (request) =>
    request.url().startsWith('https://evil.example'),
  );
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: /^Open$/ }).click();
  assert.equal((await opened).url(), 'https://evil.example/login?to=a%26b&x=1%2F2', 'as it was shown');
});

test('a daemon that is killed leaves what was shown, and a way on', async () => {
  const { gateway } = on;
  const never = gate();
  gateway.answer('Last words', ['half of ', never]);
  const view = await chat();
  await ask(view, 'Last words');
  await view.locator('.text', { hasText: 'half of' }).waitFor();
  process.kill(await on.daemon(), 'SIGKILL');
  await view.locator('.notice.problem').waitFor();
  assert.match(await answers(view).textContent(), /half of/);
  assert.equal(
    await view.locator('[data-act=continue]').count(),
    0,
    'the daemon may know less than is shown',
  );
  await on.shot('chat killed');
  never.open();
  gateway.answer('Last words', ['a whole answer']);
  await view.locator('[data-act=retry]').click();
  await view.locator('.text', { hasText: 'a whole answer' }).waitFor();
  await done(view);
});
