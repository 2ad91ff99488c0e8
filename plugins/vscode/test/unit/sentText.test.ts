import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SentEntry } from '../../src/protocol.ts';
import { sentText, type Words } from '../../src/sentText.ts';

const words: Words = {
  time: (iso) => iso.slice(11, 16),
  sums: ({ bytes, bytesIn, files, masked }) => [bytes, bytesIn, files, masked].join('/'),
  size: ({ bytes, masked }) => `${bytes}${masked ? `!${masked}` : ''}`,
};

function entry(change: Partial<SentEntry> = {}): SentEntry {
  return {
    ...{ time: '2026-01-31T08:00:00Z', origin: 'https://gw.example', role: 'chat', model: 'gw/large' },
    ...{ outcome: 'answered', httpStatus: 200, bytes: 400, bytesIn: 30, masked: 0, files: 0, pieces: [] },
    ...change,
  };
}

test('each request is a line, in columns, with what it was made of under it', () => {
  const pieces = [
    { kind: 'file', path: 'src/a.c', bytes: 90, masked: 2 },
    { kind: 'prompt', bytes: 7 },
  ];
  const { model, httpStatus, ...opened } = entry({ role: 'connect', outcome: 'connected' });
  assert.ok(model && httpStatus);
  assert.equal(
    sentText([entry({ masked: 2, files: 1, pieces }), opened], words),
    [
      '08:00  chat     https://gw.example  gw/large  answered 200  400/30/1/2',
      '    file    src/a.c  90!2',
      '    prompt           7',
      '08:00  connect  https://gw.example  -         connected     400/30/0/0',
      '',
    ].join('\n'),
  );
});

test('what was made of no file leaves no empty column, and a request for nothing keeps its place', () => {
  const pieces = [{ kind: 'prompt', bytes: 7 }];
  assert.equal(
    sentText([entry({ role: '', pieces })], words),
    '08:00  -  https://gw.example  gw/large  answered 200  400/30/0/0\n    prompt  7\n',
  );
});

test('the name of a file makes no line of its own', () => {
  const pieces = [{ kind: 'file', path: 'a\n08:00  chat  \u2028\u0085b\u001b[2J', bytes: 1 }];
  const lines = sentText([entry({ pieces })], words).split(/[\n\u2028\u0085]/);
  assert.equal(lines.length, 3, 'two lines and the end');
  assert.equal(lines[1], '    file  a 08:00  chat    b [2J  1');
});

test('nothing is nothing', () => {
  assert.equal(sentText([], words), '');
});
