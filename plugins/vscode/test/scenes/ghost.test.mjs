import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

/** Another extension's ghost text comes beside ours. */
const on = stage({ files: { 'calc.py': '# sums\n' }, probe: true });

test('ghost text comes from the daemon, is typed through, and taken with Tab', async () => {
  const { vs, page, gateway } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await on.shot('ghost text');
  assert.equal(on.read('calc.py'), '# sums\n', 'ghost text is not in the file');
  await page.keyboard.type('a +');
  await eventually(async () => (await vs.ghostText('calc.py')) === ' b', 'the rest of it');
  await page.keyboard.press('Tab');
  await vs.ghost('calc.py').first().waitFor({ state: 'detached' });
  await vs.save('calc.py');
  await eventually(
    () => on.read('calc.py') === '# sums\ndef add(a, b):\n    return a + b',
    'the file on disk',
  );
  assert.ok(gateway.requests.some(({ headers }) => headers.authorization === `Bearer ${gateway.key}`));
});

test('a suggestion is taken by word and by line, as VS Code does it, and the rest stays', async () => {
  const { vs, page, gateway } = on;
  gateway.answer('class Sum:\\n    ', ['def add(self, a, b):\n        return a + b\n']);
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'class Sum:\n    ');
  const ghost = (text) => eventually(async () => (await vs.ghostText('calc.py')).trim() === text, text);
  await ghost('def add(self, a, b):\n        return a + b');
  const asked = () => gateway.requests.filter(({ method }) => method === 'POST').length;
  const before = asked();
  await page.keyboard.press('Control+ArrowRight');
  await ghost('add(self, a, b):\n        return a + b');
  await on.shot('next word');
  await page.keyboard.press('Control+Alt+ArrowRight');
  await ghost('return a + b');
  // Before so much indentation Tab indents, as VS Code has it.
  await page.keyboard.press('Control+Alt+ArrowRight');
  await ghost('');
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), '# sums\nclass Sum:\n    def add(self, a, b):\n        return a + b');
  assert.equal(asked(), before, 'what was shown is paid for once');
});

test("another extension's suggestion and ours are one keystroke apart, and either is taken", async () => {
  const { vs, page, gateway } = on;
  gateway.answer('a_or_b = ', ['the_daemon()']);
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'a_or_b = ');
  const shown = () => vs.ghostText('calc.py');
  await eventually(async () => /^the_(daemon|probe)\(\)$/.test(await shown()), 'one of the two');
  const [first, second] =
    (await shown()) === 'the_probe()' ? ['the_probe()', 'the_daemon()'] : ['the_daemon()', 'the_probe()'];
  await page.keyboard.press('Alt+]');
  await eventually(async () => (await shown()) === second, 'the other');
  await on.shot('two providers');
  await page.keyboard.press('Alt+[');
  await eventually(async () => (await shown()) === first, 'the first again');
  if (first !== 'the_daemon()') await page.keyboard.press('Alt+]');
  await eventually(async () => (await shown()) === 'the_daemon()', 'ours');
  await page.keyboard.press('Tab');
  await vs.save('calc.py');
  assert.equal(on.read('calc.py'), '# sums\na_or_b = the_daemon()');
});
