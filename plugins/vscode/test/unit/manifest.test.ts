// What the manifest promises, held against the sources: a name that stands in two places must be the same.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { presetsIn } from '../../src/presets.ts';

interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, { scope: string; default: unknown }> };
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
  };
}

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string) => JSON.parse(read(path)) as Record<string, string>;
const manifest = JSON.parse(read('package.json')) as Manifest;
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`src/${name}`))
  .join('\n');

test('every command of the manifest is registered, and every registered one is in the manifest', () => {
  const registered = [...sources.matchAll(/context\.command\(\s*'([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), registered.sort());
});

test('a setting that is sent to the daemon, or says what is run, cannot be set by a workspace', () => {
  const sent = /const SENT = \[([^\]]*)\]/.exec(sources)?.[1] ?? '';
  const names = [...sent.matchAll(/'([^']+)'/g)].map(([, name]) => `dragoman.${name}`);
  assert.ok(names.length >= 4);
  const guarded = [...names, 'dragoman.path'].sort();
  for (const name of guarded)
    assert.equal(manifest.contributes.configuration.properties[name]?.scope, 'machine', name);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted(), guarded);
});

test('the manifest is translated whole', () => {
  const used = [...read('package.json').matchAll(/"%([^%]+)%"/g)].map(([, name]) => name);
  const english = json('package.nls.json');
  assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
  assert.deepEqual(Object.keys(json('package.nls.zh-cn.json')).sort(), Object.keys(english).sort());
});

test('every sentence of the sources is translated, with its places', () => {
  const sentences = [...sources.matchAll(/\bl10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map(
    ([, text]) => text?.replaceAll("\\'", "'") ?? '',
  );
  const chinese = json('l10n/bundle.l10n.zh-cn.json');
  assert.deepEqual([...new Set(sentences)].sort(), Object.keys(chinese).sort());
  const places = (text: string) => (text.match(/\{\d\}|\$\([^)]*\)/g) ?? []).sort().join();
  for (const [english, translated] of Object.entries(chinese))
    assert.equal(places(translated), places(english), english);
});

test('a page of the walkthrough is there in both languages', () => {
  for (const { media } of manifest.contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    const chinese = read(media.markdown.replace(/\.md$/, '.nls.zh-cn.md'));
    const marks = (text: string) => (text.match(/^##|`[^`]+`|\*\*[^*]+\*\*/gm) ?? []).join();
    assert.equal(marks(chinese), marks(read(media.markdown)), media.markdown);
  }
});

test('the table of settings in the README is that of the manifest', () => {
  const rows = [...read('README.md').matchAll(/^\| `(dragoman\.[\w.]+)` +\| `([^`]*)` +\| ([^|]*?) +\|/gm)];
  const scopes: Record<string, string> = {
    machine: 'user',
    window: 'window',
    'language-overridable': 'user, workspace, folder, language',
  };
  const { properties } = manifest.contributes.configuration;
  assert.deepEqual(
    rows.map(([, name, value, scope]) => [name, value, scope]),
    Object.entries(properties).map(([name, { scope, ...rest }]) => [
      name,
      JSON.stringify(rest.default),
      scopes[scope],
    ]),
  );
});

test('the presets that a setting names are those that the daemon has', () => {
  const known = presetsIn(json('../../server/config/data/presets.json')).map(({ name }) => name);
  for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
    const [, named = ''] =
      /[:：] ?([\w, 、-]+)[.。]$/.exec(json(file)['setting.providers.preset'] ?? '') ?? [];
    assert.deepEqual(named.split(/, |、/).sort(), known.toSorted(), file);
  }
});

test("the daemon's presets are read: a local one needs no key, one without an address asks for it", () => {
  const presets = presetsIn(
    JSON.parse(readFileSync(join(root, '../../server/config/data/presets.json'), 'utf8')),
  );
  const by = (name: string) => presets.find((preset) => preset.name === name);
  assert.deepEqual(by('ollama'), { name: 'ollama', local: true, needsAddress: false });
  assert.deepEqual(by('openai-compatible'), { name: 'openai-compatible', local: false, needsAddress: true });
  assert.throws(() => presetsIn(null));
});
