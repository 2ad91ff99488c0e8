import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { eventually, extensionLog, stage } from '../lib/stage.mjs';

/** The gateway is known, its key is not: the person gives it. */
const on = stage({
  files: { 'calc.py': '# sums\n' },
  env: () => ({}),
  settings: { 'dragoman.trace.server': 'verbose' },
});

async function setKey(key) {
  const { vs, page } = on;
  await vs.command('dragoman: Set API Key');
  await vs.pick('gw');
  await page.locator('.quick-input-widget input[type=password]').fill(key);
  await page.keyboard.press('Enter');
  await vs.toast('The key for gw is kept').first().waitFor();
  await vs.command('Notifications: Clear All');
}

const keysSeen = () => on.gateway.requests.map(({ headers }) => headers.authorization);

test('a key that is set is handed over, again after a reload and a crash, and is nowhere in plain text', async () => {
  const { vs, page, gateway } = on;
  // Before the window knows of any log, it asks for the level of all.
  await eventually(async () => {
    await page.keyboard.press('Escape');
    await vs.command('Developer: Set Log Level');
    const listed = vs.row('dragoman').waitFor({ timeout: 3000 });
    return listed.then(
      () => true,
      () => false,
    );
  }, 'the list of logs');
  await vs.pick('dragoman');
  await vs.pick('Trace');
  await setKey(gateway.key);
  const hear = async (line) => {
    await vs.openFile(on.file('calc.py'));
    gateway.requests.length = 0;
    await vs.typeAtEnd('calc.py', line);
    await eventually(() => keysSeen().includes(`Bearer ${gateway.key}`), 'a request with the key');
    await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
    await page.keyboard.press('Escape');
  };
  await hear('def add(a, b):\n    return ');
  await vs.save('calc.py');
  await vs.reload();
  await vs.status('Ready').waitFor();
  await hear('\n\ndef add(a, b):\n    return ');
  const pid = await on.daemon();
  process.kill(pid, 'SIGKILL');
  await on.daemon(pid);
  await vs.status('Ready').waitFor();
  await hear('1\n\ndef add(a, b):\n    return ');
  await vs.save('calc.py');
  // Nothing on disk, in the browser or in the log holds it.
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes(gateway.key));
  assert.ok(!vs.console.some((line) => line.includes(gateway.key)));
  assert.equal(grep(gateway.key), '');
  const log = extensionLog(on.scratch);
  assert.match(log, /dragoman\/key\/set/, 'the trace is on');
  assert.match(log, /\[key\]/, 'and the key is cut out of it');
});

test('a wrong key shows in the status bar, whose menu asks for another, and the right one ends the trouble', async () => {
  const { vs, page, gateway } = on;
  await setKey('sk-live-');
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await vs.command('Trigger Inline Suggestion');
  await vs.statusKind('error').waitFor();
  await on.shot('wrong key');
  await page.locator('.part.statusbar .statusbar-item[id*="dragoman.status"]').click();
  await vs.row('refused the key').click();
  await page.locator('.quick-input-widget input[type=password]').waitFor();
  await page.keyboard.press('Escape');
  await setKey(gateway.key);
  await vs.command('Trigger Inline Suggestion');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await vs.status('Ready').waitFor();
});

test('a key that is forgotten is gone from the daemon, too', async () => {
  const { vs, gateway } = on;
  await setKey(gateway.key);
  await vs.command('dragoman: Forget API Key');
  await vs.pick('gw');
  await vs.toast('The key for gw is forgotten').waitFor();
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await vs.status('key').waitFor();
  await on.shot('no key');
  assert.ok(!keysSeen().includes(`Bearer ${gateway.key}`));
  await vs.command('dragoman: Forget API Key');
  await vs.toast('No API key is kept here').waitFor();
});

/** Files below the scratch folder that hold `text`. */
function grep(text) {
  try {
    return execFileSync('grep', ['-rlF', '--exclude-dir=extensions', text, on.scratch], { encoding: 'utf8' });
  } catch (error) {
    return error.stdout;
  }
}
