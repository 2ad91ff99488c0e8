import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Strings } from '../../src/chat/messages.ts';
import {
  apply,
  stateAfter,
  streaming,
  type Change,
  type Head,
  type Turn,
} from '../../src/chat/transcript.ts';
import { noticeOf } from '../../webview/chat/notice.ts';

const turn = (prompt: string, more: Partial<Turn> = {}): Turn => ({
  ...{ id: '', prompt, attached: [], model: '', state: 'streaming', reasoning: '', text: '' },
  ...more,
});
const after = (...changes: Change[]) => changes.reduce<Turn[]>(apply, []);

test('an answer grows piece by piece, and its head keeps its text', () => {
  const head: Head = { id: 't', prompt: 'q', attached: [], model: '', state: 'complete' };
  const turns = after(
    { kind: 'turn', index: 0, turn: turn('q') },
    { kind: 'piece', index: 0, reasoning: 'hm', text: '' },
    { kind: 'piece', index: 0, reasoning: '', text: 'a' },
    { kind: 'piece', index: 0, reasoning: '', text: 'b' },
  );
  assert.ok(streaming(turns));
  const ended = apply(turns, { kind: 'head', index: 0, head });
  assert.deepEqual(ended, [turn('q', { id: 't', state: 'complete', reasoning: 'hm', text: 'ab' })]);
  assert.ok(!streaming(ended) && !streaming([]));
});

test('a turn that is asked anew takes those behind it away', () => {
  const turns = after(
    { kind: 'show', conversation: 'c', turns: ['a', 'b', 'c'].map((prompt) => turn(prompt)) },
    { kind: 'turn', index: 1, turn: turn('B') },
  );
  assert.deepEqual(
    turns.map(({ prompt }) => prompt),
    ['a', 'B'],
  );
});

test('a piece for a turn that is gone changes nothing', () => {
  assert.deepEqual(after({ kind: 'piece', index: 3, reasoning: '', text: 'late' }), []);
});

test('an answer that was cut or filtered is not shown as complete', () => {
  const strings = { cut: 'Cut.', filtered: 'Filtered.' } as Strings;
  const said = (reason: Parameters<typeof stateAfter>[0]) =>
    noticeOf({ ...turn('q'), state: stateAfter(reason), notice: 'Masked.' }, true, strings);
  assert.equal(said('contentFilter'), 'Filtered. Masked.');
  assert.equal(said('length'), 'Cut. Masked.');
  for (const reason of ['stop', 'toolCalls', undefined] as const)
    assert.equal(stateAfter(reason), 'complete');
});
