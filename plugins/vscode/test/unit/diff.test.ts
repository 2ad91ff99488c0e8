import assert from 'node:assert/strict';
import { test } from 'node:test';

import { diffLines } from '../../src/diff.ts';
import { preview } from '../../src/hunks.ts';

test('hunks turn the one text into the other, whatever they are', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const text = () =>
    Array.from({ length: random(12) }, () => 'abc'[random(3)]).join('\n') + '\n'.repeat(random(2));
  for (let i = 0; i < 3000; ++i) {
    const [before, after] = [text(), text()];
    const hunks = diffLines(before, after);
    assert.equal(preview(before, hunks), after, JSON.stringify([before, after]));
    if (before === after) assert.equal(hunks.length, 0);
  }
});

test('lines that stay are in no hunk', () => {
  assert.deepEqual(diffLines('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n'), [
    { start: 2, end: 4, text: 'B\n' },
    { start: 8, end: 8, text: 'e\n' },
  ]);
  assert.deepEqual(diffLines('', 'a\n'), [{ start: 0, end: 0, text: 'a\n' }]);
  assert.deepEqual(diffLines('a\n', ''), [{ start: 0, end: 2, text: '' }]);
});

test('texts that have nothing in common are one hunk, soon', () => {
  const lines = (name: string) => Array.from({ length: 20_000 }, (_, i) => `${name} ${i}\n`).join('');
  const [before, after] = [lines('old'), lines('new')];
  assert.deepEqual(diffLines(before, after), [{ start: 0, end: before.length, text: after }]);
});
