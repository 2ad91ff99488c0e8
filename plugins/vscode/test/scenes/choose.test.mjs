import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { eventually, stage } from '../lib/stage.mjs';

/** The gateway stands in the user's configuration file, which all editors share. */
const on = stage({ files: { 'calc.py': '\n' } });

test('a model is chosen in the file that names its gateway, until the settings choose one', async () => {
  const { vs } = on;
  const file = path.join(on.scratch, 'home/.config/dragoman/config.json');
  const chosen = () => JSON.parse(fs.readFileSync(file, 'utf8')).completion.model;
  await vs.command('dragoman: Choose Model');
  await vs.pick('Suggestions');
  await vs.pick('gw/gpt-4o');
  await eventually(() => chosen() === 'gw/gpt-4o', 'written');
  await vs.status('Ready: gw/gpt-4o').waitFor();
  assert.equal(on.settings()['dragoman.completion.model'], undefined);
  assert.ok(!fs.existsSync(path.join(on.scratch, 'data/Machine/settings.json')));
});
