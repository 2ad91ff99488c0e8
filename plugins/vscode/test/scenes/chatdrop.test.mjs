import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const on = stage({
  files: { 'calc.py': 'def add(a, b):\n    return a + b\n', 'docs/guide.md': '# The guide\n' },
  prepare: ({ file }) => fs.writeFileSync(file('pixel.png'), PNG),
});

async function chat() {
  await on.vs.command('dragoman: Open Chat');
  const view = on.vs.webview();
  await view.locator('.composer textarea').waitFor();
  return view;
}

/** What a browser does at the end of a drag, or of a paste. A file is `{name, bytes}`; one with a `size` is blanks. */
function give(view, how, { files = [], data = {} }) {
  const field = view.locator('.composer textarea');
  return field.evaluate(
    (target, { how, files, data }) => {
      const transfer = new DataTransfer();
      for (const { name, type = '', bytes, size } of files)
        transfer.items.add(new File([bytes ? Uint8Array.from(bytes) : ' '.repeat(size)], name, { type }));
      for (const [type, text] of Object.entries(data)) transfer.setData(type, text);
      const all = { bubbles: true, cancelable: true };
      const event =
        how === 'paste'
          ? new ClipboardEvent('paste', { ...all, clipboardData: transfer })
          : new DragEvent('drop', { ...all, dataTransfer: transfer });
      return !target.dispatchEvent(event);
    },
    { how, files: files.map((one) => ({ ...one, bytes: one.bytes && [...one.bytes] })), data },
  );
}
const chips = (view) =>
  view.locator('.composer .attached li').evaluateAll((all) => all.map((li) => li.firstChild.textContent));
const has = (view, names) =>
  eventually(async () => JSON.stringify(await chips(view)) === JSON.stringify(names), names.join(', '));
const image = (name) => ({ name, type: 'image/png', bytes: [...PNG, ...Buffer.from(name)] });

test('several images are pasted in their order, a file is dropped, and all go along', async () => {
  const { gateway, vs, page } = on;
  gateway.answer('What do you see', ['Dots.']);
  const view = await chat();
  assert.ok(
    await give(view, 'paste', { files: [image('one.png'), image('two.png')] }),
    'taken from the field',
  );
  await has(view, ['one.png', 'two.png']);
  await give(view, 'drop', {
    files: [image('three.png'), { name: 'log.txt', bytes: Buffer.from('a line of the log\n') }],
  });
  await has(view, ['one.png', 'two.png', 'three.png', 'log.txt']);
  await on.shot('chat dropped');
  await view.locator('[aria-label="Remove: two.png"]').click();
  await has(view, ['one.png', 'three.png', 'log.txt']);
  await view.locator('.composer textarea:focus').waitFor();
  await page.keyboard.type('What do you see?');
  await page.keyboard.press('Enter');
  await view.locator('.text', { hasText: 'Dots.' }).waitFor();
  const { body } = gateway.requests.find(({ body }) => body.includes('What do you see'));
  assert.equal(body.split('data:image/png;base64,').length - 1, 2);
  assert.match(body, /a line of the log/);
  assert.ok(await vs.status('Ready').isVisible());
});

test('files of the workspace are dropped by their addresses, and a picture among them is seen as one', async () => {
  const { gateway, page } = on;
  gateway.answer('Read these', ['Read.']);
  const view = await chat();
  const address = (name) => `vscode-remote://somewhere${on.file(name)}`;
  await give(view, 'drop', {
    data: { 'application/vnd.code.uri-list': [address('docs/guide.md'), address('pixel.png')].join('\r\n') },
  });
  await has(view, ['docs/guide.md', 'pixel.png']);
  await give(view, 'drop', { data: { 'text/uri-list': `# a comment\r\nfile://${on.file('calc.py')}\r\n` } });
  await has(view, ['docs/guide.md', 'pixel.png', 'calc.py']);
  // The same once more is the same.
  await give(view, 'drop', { data: { 'text/uri-list': `file://${on.file('calc.py')}` } });
  await view.locator('.composer textarea:focus').waitFor();
  await page.keyboard.type('Read these');
  await page.keyboard.press('Enter');
  await view.locator('.text', { hasText: 'Read.' }).waitFor();
  const { body } = gateway.requests.find(({ body }) => body.includes('Read these'));
  assert.match(body, /# The guide/);
  assert.equal(body.split('def add').length - 1, 1);
  assert.match(body, /data:image\/png;base64,/);
});

test('what cannot be attached is refused by its name, and the rest is taken', async () => {
  const { vs, page } = on;
  const view = await chat();
  const field = view.locator('.composer textarea');
  await field.fill('half a quest');
  for (const [files, words] of [
    [[{ name: 'huge.png', type: 'image/png', size: 21 * 1024 * 1024 }], 'huge.png is too large'],
    [[{ ...image('broken.png'), bytes: PNG.subarray(0, 40) }], 'broken.png is an image that was cut off'],
    [[{ name: 'tool.exe', bytes: [0x4d, 0x5a, 0, 1] }], 'tool.exe is neither an image'],
    [[{ name: 'nothing.txt', bytes: [] }], 'nothing.txt is empty'],
  ]) {
    await give(view, 'drop', { files: [...files, image('fine.png')] });
    await vs.toast(words).waitFor();
    await has(view, ['fine.png']);
    await view.locator('[aria-label="Remove: fine.png"]').click();
    await has(view, []);
    await vs.command('Notifications: Clear All');
  }
  const address = (name) => `file://${on.file(name)}`;
  await give(view, 'drop', {
    data: { 'text/uri-list': ['docs', 'gone.py', 'calc.py'].map(address).join('\n') },
  });
  await vs.toast('docs is a folder').waitFor();
  await vs.toast('gone.py cannot be read').waitFor();
  await has(view, ['calc.py']);
  await on.shot('chat refused');
  // A text is written, and a link to the network is no file.
  await give(view, 'drop', { data: { 'text/plain': 'ion' } });
  await give(view, 'drop', { data: { 'text/uri-list': 'https://evil.example/x.png' } });
  assert.equal(
    await give(view, 'paste', { files: [image('cells.png')], data: { 'text/plain': '1\t2' } }),
    false,
  );
  await has(view, ['calc.py']);
  assert.equal(await field.inputValue(), 'half a question');
  await page.keyboard.press('Escape');
});

test('a question that is refused for what it took along comes back with all of it', async () => {
  const { gateway, vs } = on;
  const view = await chat();
  const field = view.locator('.composer textarea');
  const turns = await view.locator('article').count();
  while ((await chips(view)).length > 0) await view.locator('[data-act=detach]').first().click();
  fs.writeFileSync(on.file('brief.txt'), 'soon gone\n');
  await field.fill('');
  await give(view, 'drop', { data: { 'text/uri-list': `file://${on.file('brief.txt')}` } });
  await give(view, 'drop', { files: [image('kept.png')] });
  await has(view, ['brief.txt', 'kept.png']);
  fs.rmSync(on.file('brief.txt'));
  await field.fill('Sum both up');
  await view.locator('[data-act=send]').click();
  await vs.toast('brief.txt').waitFor();
  await has(view, ['brief.txt', 'kept.png']);
  await eventually(async () => (await field.inputValue()) === 'Sum both up', 'the question');
  assert.equal(await view.locator('article').count(), turns);
  gateway.answer('Sum both up', ['One dot.']);
  await view.locator('[aria-label="Remove: brief.txt"]').click();
  await view.locator('[data-act=send]').click();
  await view.locator('.text', { hasText: 'One dot.' }).waitFor();
  await has(view, []);
  assert.equal(await view.locator('article').count(), turns + 1);
});

test('an edited question that is refused stays open with its new words', async () => {
  const { gateway, vs, page } = on;
  const view = await chat();
  fs.writeFileSync(on.file('brief.txt'), 'soon gone\n');
  await give(view, 'drop', { data: { 'text/uri-list': `file://${on.file('brief.txt')}` } });
  await has(view, ['brief.txt']);
  gateway.answer('Sum it up', ['Gone soon.']);
  await view.locator('.composer textarea').fill('Sum it up');
  await view.locator('[data-act=send]').click();
  const turn = view.locator('article').last();
  await turn.locator('.text', { hasText: 'Gone soon.' }).waitFor();
  fs.rmSync(on.file('brief.txt'));
  await turn.locator('[data-act=edit]').click();
  await turn.locator('textarea').fill('Sum it up in French');
  await page.keyboard.press('Enter');
  await vs.toast('brief.txt').waitFor();
  await turn.locator('textarea').waitFor();
  assert.equal(await turn.locator('textarea').inputValue(), 'Sum it up in French');
  assert.match(await turn.innerText(), /Gone soon\./);
  await page.keyboard.press('Escape');
  await turn.locator('.prompt', { hasText: /^Sum it up$/ }).waitFor();
});
