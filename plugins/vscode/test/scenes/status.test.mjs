// What the status bar item says: idle, busy, limited until, error, off, and what today has cost.
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { configFor, eventually, stage } from '../lib/stage.mjs';

const on = stage({
  files: { 'calc.py': '# sums\n' },
  config: (gateway) => {
    const config = configFor(gateway);
    config.providers.gw.models = { 'deepseek-chat': { price: { input: 1, output: 2, currency: 'USD' } } };
    return config;
  },
});

test('busy while an answer is written, then ready, with what today has cost; off where suggestions are', async () => {
  const { vs, page, gateway } = on;
  const go = gate();
  gateway.answer('Shout', ['# SU', go, 'MS\n']);
  await vs.openFile(on.file('calc.py'));
  await vs.selectAll('calc.py');
  await page.keyboard.press('Control+Alt+I');
  await vs.answer('Shout');
  await vs.status('Writing').waitFor();
  await on.shot('busy');
  go.open();
  await vs.status('Ready: gw/deepseek-chat').waitFor();
  await vs.status('$3.00').click();
  await vs.row('Ready: gw/deepseek-chat').waitFor();
  await on.shot('status menu');
  await page.keyboard.press('Escape');
  await vs.command('dragoman: Switch Suggestions On or Off in This Workspace');
  await vs.status('Suggestions are off here').waitFor();
});

test('a gateway that is down is an error, and one that is back none', async () => {
  const { vs, gateway } = on;
  await gateway.down();
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', '\n\ndef is_even(n):\n    return ');
  await vs.statusKind('error').waitFor();
  await on.shot('gateway down');
  await gateway.up();
  await vs.command('Trigger Inline Suggestion');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'n % 2 == 0', 'ghost text');
  await vs.status('Ready').waitFor();
});

test('too many requests are told with the time that they last', async () => {
  const { vs, gateway } = on;
  gateway.refuse('is_odd', 429, { error: { message: 'slow down' } }, { 'retry-after': '120' });
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', '\n\ndef is_odd(n):\n    return', 10);
  await vs.statusKind('warning').waitFor();
  await vs.status('Limited until ').waitFor();
  await on.shot('limited');
});
