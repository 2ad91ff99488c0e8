import assert from 'node:assert/strict';
import { test } from 'node:test';

import { placeOf } from '../../src/chat/place.ts';

/** The document after the code was put where it belongs. */
function applied(document: string, code: string, cursor = 0): string {
  const { start, end, text } = placeOf(document, code, cursor);
  return document.slice(0, start) + text + document.slice(end);
}

const PYTHON =
  'import os\n\n\nclass Sums:\n    def add(a, b):\n        return a + b\n\n    def sub(a, b):\n        return a - b\n';

test('a function takes the place of the one with its first line, at its depth, and the rest stays', () => {
  assert.equal(
    applied(PYTHON, 'def add(a, b):\n    """A sum."""\n\n    return b + a\n'),
    PYTHON.replace('        return a + b', '        """A sum."""\n\n        return b + a'),
  );
  assert.equal(
    applied(PYTHON, '\n\n    def sub(a, b):\n        return 0\n\n'),
    PYTHON.replace('return a - b', 'return 0'),
  );
  assert.equal(applied('def f():\n    pass', 'def f():\n    return 1\n'), 'def f():\n    return 1');
});

test('a block ends with what closes it', () => {
  const c =
    'int f() {\n  return 1;\n}\n\nint g() {\n  if (a) {\n    b();\n  } else {\n    c();\n  }\n}\nint h;\n';
  assert.equal(applied(c, 'int f() {\n  return 2;\n}\n'), c.replace('return 1', 'return 2'));
  assert.equal(
    applied(c, 'if (a) {\n  d();\n} else {\n  e();\n}'),
    c.replace('b()', 'd()').replace('c()', 'e()'),
  );
});

test('what has nothing in common with the file goes to the cursor', () => {
  const at = PYTHON.indexOf('class') + 3;
  assert.equal(
    applied(PYTHON, 'def mul(x, y):\n    return x * y\n', at),
    PYTHON.replace('class', 'def mul(x, y):\n    return x * y\nclass'),
  );
});

test('several blocks that the file has in part, and anything for an empty file, are the file anew', () => {
  const whole = 'import os\n\n\ndef other():\n    pass\n';
  assert.equal(applied(PYTHON, whole), whole);
  assert.equal(applied('', whole), whole);
  assert.equal(applied('\n\n', whole), whole);
  const twice = 'foo()\nfoo()\n';
  assert.equal(applied(twice, 'foo()\n'), 'foo()\n');
});
