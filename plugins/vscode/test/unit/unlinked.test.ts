import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { unlinked, unlinkMessage } from '../../src/unlinked.ts';

/** As VS Code finds links in a notification (src/vs/base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

test('no text of others becomes a link in a notification', () => {
  for (const text of ['[ok](command:quit)', 'a [b](https://x.example "t")', '[[x](file:///etc)](command:y)'])
    assert.doesNotMatch(unlinked(text), LINK, text);
  assert.equal(unlinked('f(a[0])(b) [x]'), 'f(a[0])(b) [x]');
});

test("neither does one in the daemon's messages; everything else passes as it is", () => {
  const said = {
    jsonrpc: '2.0',
    method: 'window/showMessage',
    params: { type: 1, message: '[a](command:b)' },
  };
  unlinkMessage(said);
  assert.equal(said.params.message, '[a] (command:b)');
  const asked = {
    id: 1,
    method: 'window/showMessageRequest',
    params: { message: '[a](command:b)', actions: [] },
  };
  unlinkMessage(asked);
  assert.equal(asked.params.message, '[a] (command:b)');
  for (const other of [
    { method: '$/progress', params: { value: { kind: 'text', text: '[a](https://x)' } } },
    { method: 'window/showMessage' },
    { method: 'window/showMessage', params: null },
    null,
    'text',
  ]) {
    const before = JSON.stringify(other);
    unlinkMessage(other);
    assert.equal(JSON.stringify(other), before);
  }
});

test('there is no other way to a notification', () => {
  const root = join(import.meta.dirname, '../../src');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name === 'tell.ts') continue;
    assert.doesNotMatch(
      readFileSync(join(root, name), 'utf8'),
      /\.show(Error|Warning|Information)Message/,
      name,
    );
  }
});
