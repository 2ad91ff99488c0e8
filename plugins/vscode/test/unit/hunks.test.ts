import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hunkAt, inDocument, inPreview, preview, shift, soFar, type Hunk } from '../../src/hunks.ts';

const text = 'one\ntwo\nthree\nfour\n';
/** "two" becomes "2", a line comes before "four", "four" loses its end. */
const hunks: Hunk[] = [
  { start: 4, end: 7, text: '2' },
  { start: 14, end: 14, text: '3.5\n' },
  { start: 17, end: 18, text: '' },
];
const result = 'one\n2\nthree\n3.5\nfou\n';

function applied(document: string, offset: number, length: number, insert: string): string {
  return document.slice(0, offset) + insert + document.slice(offset + length);
}

test('the preview holds every hunk and nothing else', () => {
  assert.equal(preview(text, hunks), result);
  assert.equal(preview(text, []), text);
});

test('a hunk stands in the preview where its text is', () => {
  const places = inPreview(hunks);
  assert.deepEqual(
    places.map(({ start, end }) => result.slice(start, end)),
    hunks.map(({ text }) => text),
  );
  // What comes before, between and behind them is the document's.
  let kept = '';
  let [now, then] = [0, 0];
  for (const [i, { start, end }] of places.entries()) {
    kept += result.slice(now, start);
    assert.equal(result.slice(now, start), text.slice(then, hunks[i]?.start));
    [now, then] = [end, hunks[i]?.end ?? 0];
  }
  assert.equal(kept + result.slice(now), 'one\n\nthree\nfou\n');
});

test('a change elsewhere moves the hunks, wherever it is and whatever its size', () => {
  const untouched = (offset: number, length: number) =>
    hunks.every(({ start, end }) => offset + length <= start || offset >= end);
  let moved = 0;
  for (let offset = 0; offset <= text.length; ++offset)
    for (let length = 0; offset + length <= text.length; ++length)
      for (const insert of ['', 'x', 'new\nlines\n']) {
        if (!untouched(offset, length)) continue;
        const later = shift(hunks, { offset, length, text: insert });
        assert.equal(later.length, hunks.length);
        const document = applied(text, offset, length, insert);
        // What each hunk replaces is still the same text.
        later.forEach(({ start, end }, i) => {
          assert.equal(document.slice(start, end), text.slice(hunks[i]?.start, hunks[i]?.end));
        });
        ++moved;
      }
  assert.ok(moved > 100);
});

test('a change inside a hunk, across it or over it takes that hunk away and no other', () => {
  for (const [offset, length] of [
    [5, 1],
    [3, 2],
    [6, 3],
    [4, 3],
    [2, 8],
  ] as const) {
    const left = shift(hunks, { offset, length, text: 'x' });
    assert.deepEqual(
      left.map((hunk) => hunk.text),
      ['3.5\n', ''],
    );
  }
});

test('the hunk at a place is the one there, else the next, else the last', () => {
  assert.equal(hunkAt(hunks, 0), 0);
  assert.equal(hunkAt(hunks, 5), 0);
  assert.equal(hunkAt(hunks, 8), 1);
  assert.equal(hunkAt(hunks, 15), 2);
  assert.equal(hunkAt(hunks, text.length), 2);
  assert.equal(hunkAt([], 3), -1);
});

test('each place of the preview leads to the hunk that made it', () => {
  assert.equal(hunkAt(hunks, inDocument(hunks, result.indexOf('2'))), 0);
  assert.equal(hunkAt(hunks, inDocument(hunks, result.indexOf('3.5') + 1)), 1);
  assert.equal(inDocument(hunks, result.indexOf('three')), text.indexOf('three'));
  assert.equal(inDocument(hunks, result.length), text.length);
});

test('streamed text takes the place of as many lines as it has', () => {
  assert.equal(soFar('a\nb\nc', ''), 'a\nb\nc');
  assert.equal(soFar('a\nb\nc', 'A\n'), 'A\nb\nc');
  assert.equal(soFar('a\nb\nc', 'A\nB'), 'A\nB\nc');
  assert.equal(soFar('a\nb\nc', 'A\nB\nC\nD'), 'A\nB\nC\nD');
  assert.equal(soFar('', 'A\nB'), 'A\nB');
});
