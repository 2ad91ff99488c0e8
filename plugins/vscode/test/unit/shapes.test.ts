import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readToHost, readToView } from '../../src/chat/shapes.ts';

const turn = {
  ...{ id: 't', prompt: 'p', attached: [], model: 'm', state: 'complete' },
  ...{ reasoning: '', text: 'a' },
};

test('what the two sides say to each other is taken', () => {
  for (const wish of [
    { kind: 'ready', conversation: '', draft: '' },
    { kind: 'send', prompt: 'why?' },
    { kind: 'retry', index: 0 },
    { kind: 'file', name: 'a.png', bytes: new Uint8Array(3) },
    { kind: 'drop', uris: ['file:///a'] },
  ])
    assert.equal(readToHost(wish), wish);
  for (const told of [
    { kind: 'show', conversation: 'c', turns: [turn] },
    { kind: 'head', index: 0, head: { ...turn, cure: { kind: 'setKey', provider: 'gw' }, notice: 'no' } },
    { kind: 'piece', index: 1, reasoning: '', text: 'x' },
    { kind: 'returned', prompt: 'why?' },
    { kind: 'returned', prompt: 'why?', index: 0 },
    { kind: 'focus' },
  ])
    assert.equal(readToView(told), told);
});

test('a message with anything wrong in it is none, on either side', () => {
  for (const wish of [
    undefined,
    null,
    'send',
    [],
    {},
    { kind: 'constructor' },
    { kind: '__proto__' },
    { kind: 'send' },
    { kind: 'send', prompt: 1 },
    { kind: 'retry', index: -1 },
    { kind: 'retry', index: 0.5 },
    { kind: 'retry', index: '0' },
    { kind: 'file', name: 'a', bytes: 'abc' },
    { kind: 'drop', uris: 'file:///a' },
    { kind: 'drop', uris: [1] },
    { kind: 'drop', uris: Array.from({ length: 1001 }, () => 'file:///a') },
    { kind: 'link', url: null },
    { kind: 'show', conversation: '', turns: [] },
  ])
    assert.equal(readToHost(wish), undefined, JSON.stringify(wish));
  for (const told of [
    { kind: 'show', conversation: 'c', turns: [{ ...turn, state: 'odd' }] },
    { kind: 'show', conversation: 'c', turns: turn },
    { kind: 'head', index: 0, head: { ...turn, cure: { kind: 'run', provider: '' } } },
    { kind: 'attachments', names: [{}] },
    { kind: 'returned', prompt: 'why?', index: -1 },
    { kind: 'send', prompt: 'why?' },
  ])
    assert.equal(readToView(told), undefined, JSON.stringify(told));
});
