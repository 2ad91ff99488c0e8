import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

/** The gateway has no key: nobody has given one yet. */
const on = stage({
  files: { 'calc.py': 'def add(a, b):\n    return a + b\n' },
  env: () => ({}),
});

async function chat() {
  await on.vs.command('dragoman: Open Chat');
  const view = on.vs.webview();
  await view.locator('.composer textarea').waitFor();
  return view;
}
async function ask(view, question) {
  await view.locator('.composer textarea').fill(question);
  await view.locator('.composer textarea').press('Enter');
}
async function giveKey(view, key) {
  await view.locator('.notice [data-act=cure]', { hasText: 'Set API Key' }).click();
  await on.page.locator('.quick-input-widget', { hasText: 'API key for gw' }).waitFor();
  await on.vs.answer(key);
  await on.vs.toast('The key for gw is kept').waitFor();
  await on.vs.command('Notifications: Clear All');
}
/** In the page: whether a text is in the browser's databases. */
async function isStored(text) {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await done(database.transaction(store).objectStore(store).getAll());
      if (JSON.stringify(values).includes(text)) return true;
    }
    database.close();
  }
  return false;
}
/** A chat with a key that the gateway takes. */
async function keyed() {
  const view = await chat();
  await ask(view, 'Is there a key?');
  await giveKey(view, on.gateway.key);
  await view.locator('[data-act=retry]').click();
  await view.locator('article:not(.streaming) .text p').first().waitFor();
  await on.vs.command('dragoman: New Chat');
  await view.locator('.empty').waitFor();
  return view;
}

test('a key that is missing, and one that is wrong, is asked for beside the answer that wants it', async () => {
  const { gateway, vs, page } = on;
  const view = await chat();
  await ask(view, 'Who are you?');
  const notice = view.locator('.notice.problem');
  await notice.waitFor();
  await on.shot('chat no key');
  await giveKey(view, 'sk-wrong-0123456789');
  await view.locator('[data-act=retry]').click();
  await eventually(
    () => gateway.requests.some(({ headers }) => headers.authorization === 'Bearer sk-wrong-0123456789'),
    'asked with the wrong key',
  );
  await view.locator('article:not(.streaming) .notice [data-act=cure]').waitFor();
  assert.doesNotMatch(await view.locator('body').textContent(), /sk-wrong/, 'a key is never shown');
  await on.shot('chat wrong key');
  // It is there after a reload, too, with its button.
  await vs.reloadInPeace();
  await eventually(
    async () => (await vs.webview().locator('.notice [data-act=cure]').count()) === 1,
    'the button',
  );
  await giveKey(vs.webview(), gateway.key);
  gateway.answer('Who are you', ['A dragoman.']);
  await vs.webview().locator('[data-act=retry]').click();
  await vs.webview().locator('.text', { hasText: 'A dragoman.' }).waitFor();
  await page.keyboard.press('Escape');
});

test('a gateway that goes in mid-stream leaves what was shown, and a way on', async () => {
  const { gateway } = on;
  const view = await keyed();
  const never = gate();
  gateway.answer('Tell me', ['The first half, ', never]);
  await ask(view, 'Tell me a story');
  await view.locator('.text', { hasText: 'The first half,' }).waitFor();
  await gateway.down();
  await view.locator('article:not(.streaming) .notice.problem', { hasText: 'broke off' }).waitFor();
  assert.match(await view.locator('.text').textContent(), /The first half,/);
  await on.shot('chat gateway down');
  await view.locator('[data-act=retry]').click();
  await view.locator('article:not(.streaming) .notice.problem').waitFor();
  await gateway.up();
  never.open();
  gateway.answer('Tell me', ['and the whole of it.']);
  await view.locator('[data-act=retry]').click();
  await view.locator('.text', { hasText: 'and the whole of it.' }).waitFor();
});

test('a window that is reloaded in mid-stream comes back with what was written, and goes on', async () => {
  const { gateway, vs } = on;
  let view = await keyed();
  const never = gate();
  gateway.answer('Count', ['one, two, ', never]);
  await ask(view, 'Count to four');
  await view.locator('.text', { hasText: 'one, two,' }).waitFor();
  await view.locator('.composer textarea').fill('half a quest');
  await vs.reloadInPeace();
  await vs.status('Ready').waitFor();
  view = vs.webview();
  await view.locator('article:not(.streaming) .text', { hasText: 'one, two,' }).waitFor();
  assert.equal(await view.locator('.composer textarea').inputValue(), 'half a quest');
  await on.shot('chat reloaded in mid-stream');
  never.open();
  gateway.answer('Count', ['three, four.']);
  await view.locator('[data-act=continue]').click();
  await view.locator('.text', { hasText: 'one, two, three, four.' }).waitFor();
});

test('a window that goes without a word loses neither the question nor what was attached to it', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.command('dragoman: Add to Chat');
  let view = vs.webview();
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await view.locator('.composer textarea').fill('why is it so');
  await eventually(() => on.page.evaluate(isStored, 'why is it so'), 'VS Code has written its memory down');
  await vs.reload();
  await vs.status('Ready').waitFor();
  await vs.command('dragoman: Open Chat');
  view = vs.webview();
  await eventually(
    async () => (await view.locator('.composer textarea').inputValue()) === 'why is it so',
    'the question',
  );
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
});

test('a document that is renamed or closed under a stream does not end it', async () => {
  const { gateway, vs } = on;
  const view = await keyed();
  const [one, two] = [gate(), gate()];
  gateway.answer('Explain', ['It adds, ', one, 'twice, ', two, 'thrice.']);
  await vs.openFile(on.file('calc.py'));
  await vs.command('dragoman: Add to Chat');
  await view.locator('.composer .attached li', { hasText: 'calc.py' }).waitFor();
  await ask(view, 'Explain this');
  await view.locator('.text', { hasText: 'It adds,' }).waitFor();
  fs.renameSync(on.file('calc.py'), on.file('sums.py'));
  one.open();
  await view.locator('.text', { hasText: 'twice,' }).waitFor();
  await vs.command('View: Close Editor');
  two.open();
  await view.locator('.text', { hasText: 'It adds, twice, thrice.' }).waitFor();
  await view.locator('article:not(.streaming)').waitFor();
  // Asked again, the file is missing: that is said by its name, and the answer is not given up for it.
  await view.locator('[data-act=retry]').click();
  await vs.toast('calc.py does not exist').waitFor();
  await view.locator('article:not(.streaming) .text', { hasText: 'It adds, twice, thrice.' }).waitFor();
  await view.locator('.facts', { hasText: 'read' }).waitFor();
  await on.shot('chat file gone');
});

test('what a gateway says in a refusal is text, in the chat and in a notification', async () => {
  const { gateway, vs, page } = on;
  const view = await keyed();
  const evil = '[press](command:workbench.action.closeWindow) <b>me</b>';
  gateway.refuse('Refuse', 400, { error: { message: evil } });
  await ask(view, 'Refuse this');
  await view.locator('.notice.problem', { hasText: 'press' }).waitFor();
  assert.equal(await view.locator('.notice').locator('a, b').count(), 0);
  gateway.refuse('Refuse', 400, { error: { message: evil } });
  await vs.openFile(on.file('calc.py'));
  await vs.selectAll('calc.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer('Refuse that');
  const toast = vs.toast('press');
  await toast.waitFor();
  assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
  await on.shot('refusal');
});
