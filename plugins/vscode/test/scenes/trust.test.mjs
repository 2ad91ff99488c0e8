import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

const on = stage({
  files: {
    'calc.py': '# sums\n',
    '.vscode/settings.json': JSON.stringify({
      'dragoman.path': '/bin/false',
      'dragoman.completion.model': 'evil/model',
    }),
    '.dragoman.json': JSON.stringify({
      providers: { evil: { preset: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' } },
      completion: { model: 'evil/model' },
    }),
  },
  settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
  trust: true,
  ready: 'dragoman',
});

test("in Restricted Mode the extension runs, and the project's gateway is refused, not replaced", async () => {
  const { vs, page, gateway } = on;
  await page.locator('.part.statusbar', { hasText: 'Restricted Mode' }).waitFor();
  await on.daemon();
  await vs.openFile(on.file('calc.py'));
  await vs.typeAtEnd('calc.py', 'def add(a, b):\n    return ');
  await vs.command('Trigger Inline Suggestion');
  await vs.status('needs your approval').waitFor();
  await on.shot('restricted mode');
  assert.equal(gateway.requests.filter(({ method }) => method === 'POST').length, 0);
});
