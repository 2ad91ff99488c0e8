import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({
  files: {
    'calc.py': '# sums\n',
    'calc.js': '// sums\n',
    // What a workspace may not do: name a gateway, a model or a program.
    '.vscode/settings.json': JSON.stringify({
      'dragoman.providers': {
        evil: { preset: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', key: 'none' },
      },
      'dragoman.completion.model': 'evil/model',
      'dragoman.path': '/bin/false',
    }),
  },
});

test('a workspace cannot say where code goes or what is run', async () => {
  const { vs } = on;
  await vs.status('Ready: gw/deepseek-chat').waitFor();
  await on.daemon();
});

test('suggestions are switched off and on by language, and the status bar says so', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.command('dragoman: Switch Suggestions On or Off for This Language');
  await vs.status('Suggestions are off here').waitFor();
  await on.shot('off for python');
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await vs.openFile(on.file('calc.js'));
  await vs.status('Ready').waitFor();
  const asked = on.gateway.requests.filter(({ method }) => method === 'POST');
  assert.equal(asked.length, 0, 'nobody was asked');
  await vs.typeAtEnd('calc.js', 'for (int i = 0; i < ');
  await eventually(async () => (await vs.ghostText('calc.js')) === 'n; ++i) {', 'ghost text elsewhere');
  // By hand it comes all the same.
  await vs.openFile(on.file('calc.py'));
  await vs.command('Trigger Inline Suggestion');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text by hand');
  await vs.command('dragoman: Switch Suggestions On or Off for This Language');
  await vs.status('Ready').waitFor();
});

test('suggestions are switched off for the workspace, whose settings say so', async () => {
  const { vs } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.status('Ready').click();
  await vs.pick('No suggestions in this workspace');
  await vs.status('Suggestions are off here').waitFor();
  await eventually(
    () =>
      fs
        .readFileSync(on.file('.vscode/settings.json'), 'utf8')
        .includes('"dragoman.completion.enabled": false'),
    'the setting',
  );
});

test('the trail tells why there was no suggestion', async () => {
  const { vs, page } = on;
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await eventually(async () => (await vs.ghostText('calc.py')) === 'a + b', 'ghost text');
  await vs.command('dragoman: Why Is There No Suggestion?');
  await page.locator('.view-line', { hasText: 'calc.py:3:12' }).first().waitFor();
  await on.shot('trail');
});
