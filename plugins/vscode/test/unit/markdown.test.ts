import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Blocks, BLOCK_LIMIT } from '../../webview/chat/blocks.ts';
import { parse, render } from '../../webview/chat/markdown.ts';
import { formulaEnd } from '../../webview/chat/math.ts';
import { textOf, visible, type Element, type Node } from '../../webview/chat/tree.ts';

const show = (text: string) => render(parse(text));

/** Every element of a tree. */
function elements(nodes: readonly Node[]): Element[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elements(node.children)]));
}
const links = (text: string) => elements(show(text)).flatMap(({ url }) => url ?? []);

test('HTML in an answer is text', () => {
  for (const text of [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="x()">b</b> <iframe src="https://x.example"></iframe>',
    '<div>\n\n<svg/onload=alert(1)>\n\n</div>',
  ]) {
    const tree = show(text);
    assert.ok(
      elements(tree).every(({ tag }) => tag === 'p' || tag === 'a'),
      text,
    );
    assert.equal(textOf(tree).replace(/\s/g, ''), text.replace(/\s/g, ''));
  }
});

test('links lead to http and https only, and say where', () => {
  assert.deepEqual(links('[a](https://x.example/y) <http://z.example>'), [
    'https://x.example/y',
    'http://z.example',
  ]);
  assert.match(textOf(show('[bank](https://evil.example)')), /bank \(https:\/\/evil\.example\)/);
  for (const url of [
    'command:workbench.action.quit',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#115;cript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vscode://x/y',
    '//x.example',
    '/etc/passwd',
  ]) {
    assert.deepEqual(links(`[a](${url})`), [], url);
    assert.deepEqual(links(`<${url}>`), [], url);
    assert.deepEqual(links(`[a][r]\n\n[r]: ${url}`), [], url);
  }
});

test('an image is its name and address', () => {
  const tree = show('![cat](https://x.example/cat.png) ![](data:image/png;base64,AAAA)');
  assert.ok(elements(tree).every(({ tag }) => ['p', 'span'].includes(tag)));
  assert.match(textOf(tree), /\[cat\] \(https:\/\/x\.example\/cat\.png\)/);
});

test('direction controls are made visible in prose, code and links', () => {
  for (const text of ['a\u202eb', '`a\u202eb`', '```js\nx("\u202e")\n```', '[a\u202eb](https://x.example)']) {
    const tree = show(text);
    assert.doesNotMatch(textOf(tree), /\u202e/u);
    assert.match(textOf(tree), /U\+202E/);
  }
  assert.deepEqual(visible('plain'), ['plain']);
});

test('formulas stay as they were written, and prices are none', () => {
  for (const formula of [
    String.raw`$a_1 * b_2$`,
    String.raw`\(\alpha_i\)`,
    String.raw`\[x_1 \\ y_1\]`,
    '$$\n_a_\n$$',
  ])
    assert.equal(textOf(show(`so ${formula} holds`)), `so ${formula} holds`);
  assert.equal(formulaEnd('$5 and $6', 0, 9), undefined);
  assert.ok(elements(show('*$5* and *$6*')).some(({ tag }) => tag === 'em'));
});

test('what a model may write to keep the page busy takes four times as long when it is four times as much', () => {
  const cost = (text: string, bytes: number) => {
    const answer = text.repeat(bytes / text.length);
    const runs = Array.from({ length: 2 }, () => {
      const start = process.cpuUsage();
      streamed([answer]);
      return process.cpuUsage(start).user;
    });
    return Math.min(...runs);
  };
  for (const text of [
    '$a ',
    '$a',
    '\\( ',
    '$$ a ',
    '[',
    '![',
    '[a](',
    '*a **b ',
    '`a ``b ',
    '> ',
    '- ',
    'http://a.',
    '<a:',
    '[a]',
  ]) {
    // Sixteen times as long where the work is quadratic. What takes no time at all tells nothing.
    const few = cost(text, BLOCK_LIMIT / 16);
    const many = cost(text, BLOCK_LIMIT / 4);
    assert.ok(many < 9 * few + 20_000, `${JSON.stringify(text)}: ${few} µs, then ${many} µs`);
  }
});

test('tables, lists and code keep their form', () => {
  const [table] = show('|a|b|\n|-|-:|\n|1|2|\n');
  assert.ok(typeof table === 'object' && table.tag === 'table');
  assert.equal(elements([table]).filter(({ align }) => align === 'right').length, 2);
  const [list] = show('3. x\n4. y');
  assert.ok(typeof list === 'object' && list.tag === 'ol' && list.start === 3);
  assert.equal(elements([list]).filter(({ tag }) => tag === 'li').length, 2);
  const [code] = show('```python\ndef f(): pass\n```');
  assert.ok(typeof code === 'object');
  assert.deepEqual(code.code, { text: 'def f(): pass\n', language: 'python', continues: false });
  assert.ok(elements([code]).some(({ look }) => look === 'hljs-keyword'));
});

const SAMPLE = `# Title

A paragraph with *stars* and
a second line.

- one
- two

  more of two
- three

1. a
2. b

| x | y |
|---|---|
| 1 | 2 |

> quoted
> twice

\`\`\`python
def f():

    return 1
\`\`\`

Setext
======

    indented

See [the manual][m], [m] and [later]; a[0], [ ] and [nowhere] are none.

[m]: https://x.example/manual "Manual"

- an item with [later]

[later]: https://y.example/later
The end, where [m] still counts.

[m]: https://z.example/too-late
`;

/** The tree that a stream of these pieces ends in, and the text of each step. */
function streamed(pieces: string[]): Node[] {
  const blocks = new Blocks();
  const out = pieces.flatMap((piece) => blocks.push(piece).done);
  const { done, again } = blocks.close();
  out.push(...done);
  for (const node of again)
    out[out.findIndex((old) => typeof old === 'object' && old.block === node.block)] = node;
  for (const node of out) if (typeof node === 'object') delete node.block;
  return out;
}

test('however an answer is cut into pieces, it ends in the same tree', () => {
  const whole = show(SAMPLE);
  for (const size of [1, 2, 3, 7, 50, SAMPLE.length]) {
    const pieces = SAMPLE.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    assert.deepEqual(streamed(pieces), whole, `pieces of ${size}`);
  }
  assert.deepEqual(streamed(SAMPLE.replaceAll('\n', '\r\n').match(/[^]/g) ?? []), whole);
});

test('a link whose target comes behind it leads there in the end, and never to half an address', () => {
  const blocks = new Blocks();
  blocks.push('see [it]\n\nthen\n\n[it]: https://x.exam');
  const { done, open } = blocks.push('ple/whole\n\nend');
  assert.deepEqual(
    elements([...done, ...open]).flatMap(({ url }) => url ?? []),
    [],
  );
  const [node] = blocks.close().again;
  assert.ok(node?.block === 0);
  assert.deepEqual(
    elements([node]).flatMap(({ url }) => url ?? []),
    ['https://x.example/whole'],
  );
});

test('what is finished is never shown again', () => {
  const blocks = new Blocks();
  const first = blocks.push('one\n\ntwo');
  assert.deepEqual([textOf(first.done), textOf(first.open)], ['one', 'two']);
  const second = blocks.push(' and\n\nthree');
  assert.deepEqual([textOf(second.done), textOf(second.open)], ['two and', 'three']);
});

test('a block of code without end is cut, and its parts give the whole', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} of code\n`);
  const text = `\`\`\`python\n${lines.join('')}\`\`\`\nafter`;
  const nodes = streamed(text.match(/[^]{1,4000}/g) ?? []);
  const parts = elements(nodes).flatMap(({ code }) => code ?? []);
  assert.ok(parts.length > 3 && parts.every(({ text }) => text.length <= BLOCK_LIMIT));
  assert.equal(parts.map(({ text }) => text).join(''), lines.join(''));
  assert.deepEqual(
    parts.map(({ continues }) => continues),
    parts.map((_, i) => i > 0),
  );
  assert.equal(textOf(nodes).slice(-5), 'after');
});

test('a paragraph, a table and a word without end lose nothing', () => {
  const cells = Array.from({ length: 3000 }, (_, i) => `| ${i} | x |\n`).join('');
  const table = streamed([`| a | b |\n|---|---|\n${cells}`]);
  assert.ok(elements(table).filter(({ tag }) => tag === 'tr').length >= 3000);
  for (const text of ['word '.repeat(10_000), 'x'.repeat(50_000), '\u{1f600}'.repeat(20_000)])
    assert.equal(textOf(streamed([text])).replace(/\s/g, ''), text.replace(/\s/g, ''));
  assert.ok(streamed(['['.repeat(40_000)]).length > 0);
});
