import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IMAGE_LIMIT, isPicture, readFile, TEXT_LIMIT } from '../../src/chat/dropped.ts';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)),
  );

const PICTURES: Record<string, Uint8Array> = {
  'image/png': bytes([0x89], 'PNG\r\n\x1a\n', '....IDATxx....IENDxxxx'),
  'image/jpeg': bytes([0xff, 0xd8, 0xff, 0xe0], 'one long scan', [0xff, 0xd9]),
  'image/gif': bytes('GIF89a', 'frames;', [0, 0]),
  'image/webp': bytes('RIFF', [24, 0, 0, 0], 'WEBPVP8 sixteen bytes...'),
};

test('a picture is known by its bytes, whatever its name says', () => {
  for (const [mimeType, picture] of Object.entries(PICTURES)) {
    const item = readFile('notes.txt', picture);
    assert.deepEqual(item, { kind: 'image', mimeType, data: Buffer.from(picture).toString('base64') });
    // As a part of a larger buffer, which is how bytes cross the extension's border.
    const inside = bytes('junk', [...picture], 'junk').subarray(4, 4 + picture.length);
    assert.deepEqual(readFile('x', inside), item);
  }
});

test('a picture that was cut off is refused', () => {
  for (const [mimeType, picture] of Object.entries(PICTURES))
    assert.equal(readFile('x', picture.subarray(0, picture.length - 8)), 'broken', mimeType);
});

test('a text is a text, and what is neither is refused', () => {
  assert.deepEqual(readFile('ä.md', Buffer.from('grüß dich')), {
    kind: 'text',
    text: 'grüß dich',
    label: 'ä.md',
  });
  assert.equal(readFile('x', bytes([0x80, 0x81])), 'notText');
  assert.equal(readFile('x', bytes('a', [0], 'b')), 'notText');
  assert.equal(readFile('x.pdf', bytes('%PDF-1.7\n', [0xe2, 0xe3, 0xcf, 0xd3])), 'notText');
  assert.equal(readFile('x', new Uint8Array()), 'empty');
});

test('what is too large is refused as such', () => {
  const large = Buffer.alloc(IMAGE_LIMIT + 1, 'x');
  assert.equal(readFile('x.txt', large), 'tooLarge');
  large.set(PICTURES['image/jpeg'] ?? []);
  assert.equal(readFile('x.jpg', large), 'tooLarge');
  assert.equal(readFile('x.txt', Buffer.alloc(TEXT_LIMIT + 1, '\u00e9')), 'tooLarge');
  assert.equal(typeof readFile('x.txt', Buffer.alloc(TEXT_LIMIT, 'x')), 'object');
});

test('what the daemon would read as a text file is told from pictures by name', () => {
  for (const name of ['a.png', 'a.JPG', 'b/c.jpeg', 'a.gif', 'a.webp']) assert.ok(isPicture(name), name);
  for (const name of ['a.svg', 'png', 'a.png.txt']) assert.ok(!isPicture(name), name);
});
