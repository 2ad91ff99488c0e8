import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';

import { DaemonProblem, findDaemon, type Surroundings } from '../../src/daemon.ts';
import { platformFolder } from '../../src/platforms.ts';

const folder = mkdtempSync(join(tmpdir(), 'dragoman-daemon-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A program at `path` that says `words` and ends with `code`. */
function program(path: string, words: string, code = 0): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, `#!/bin/sh\n${code === 0 ? '' : 'exec >&2\n'}echo '${words}'\nexit ${code}\n`);
  chmodSync(whole, 0o755);
  return whole;
}

const good = 'dragoman 1.2.3 (editor protocol 1)';
const onPath = program('path/dragoman', good);
const bundled = program(`extension/bin/${platformFolder(process.platform, process.arch)}/dragoman`, good);

function around(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: '',
    extensionFolder: join(folder, 'extension'),
    platform: process.platform,
    arch: process.arch,
    env: { PATH: [join(folder, 'nowhere'), join(folder, 'path')].join(delimiter) },
    ...changes,
  };
}

async function problem(changes: Partial<Surroundings>): Promise<DaemonProblem> {
  const error: unknown = await findDaemon(around(changes)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DaemonProblem);
  return error;
}

test('the setting outranks the bundled binary, which outranks PATH', async () => {
  const set = program('set/other-name', good);
  assert.deepEqual(await findDaemon(around({ setting: set })), { path: set, version: '1.2.3' });
  assert.equal((await findDaemon(around())).path, bundled);
  assert.equal((await findDaemon(around({ extensionFolder: folder }))).path, onPath);
});

test('a setting that names nothing is told, not replaced by another binary', async () => {
  const missing = join(folder, 'missing');
  const { reason, path } = await problem({ setting: missing });
  assert.deepEqual([reason, path], ['notFound', missing]);
  assert.equal((await problem({ setting: folder })).reason, 'notFound');
});

test('a relative entry of PATH is no place to run programs from', async () => {
  const { reason } = await problem({
    extensionFolder: folder,
    env: { PATH: `.${delimiter}path${delimiter}` },
  });
  assert.equal(reason, 'missing');
});

test('no PATH at all is nothing found', async () => {
  assert.equal((await problem({ extensionFolder: folder, env: {} })).reason, 'missing');
});

test('a binary that does not run is told in its own words', async () => {
  const { reason, detail } = await problem({ setting: program('broken', 'GLIBC_2.38 not found', 1) });
  assert.deepEqual([reason, detail], ['broken', 'GLIBC_2.38 not found']);
});

test('a file that may not be executed, and another program, are told', async () => {
  const plain = program('plain', good);
  chmodSync(plain, 0o644);
  assert.equal((await problem({ setting: plain })).reason, 'broken');
  const other = await problem({ setting: program('other', 'GNU bash, version 5') });
  assert.deepEqual([other.reason, other.detail], ['broken', '--version: GNU bash, version 5']);
});

test('the protocol decides whether a daemon is too old or too new', async () => {
  assert.equal((await problem({ setting: program('old', 'dragoman 0.0.9') })).reason, 'old');
  const newer = await problem({ setting: program('new', 'dragoman 9.0.0 (editor protocol 2)') });
  assert.deepEqual([newer.reason, newer.detail], ['new', '9.0.0']);
});
