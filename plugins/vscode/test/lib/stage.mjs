// The frame of every scene: a gateway, a server and a browser for the file; a fresh folder and a fresh window for each
// test. What must hold after every scene is checked here: nothing asked for outside this machine, nothing unhandled in
// the extension host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';

import { Gateway } from './gateway.mjs';
import { installVsix, scratchFolder, startServer } from './server.mjs';
import { newContext, openBrowser, Window } from './window.mjs';

const { DRAGOMAN_BIN, DRAGOMAN_VSIX, DRAGOMAN_SHOTS } = process.env;

/** An extension that uses ours as others may. */
const PROBE = path.join(import.meta.dirname, '../probe');

/** The user's configuration file, as tests/e2e/setup.h has it: one gateway, no pauses, nothing twice. */
export function configFor(gateway) {
  const model = 'gw/deepseek-chat';
  return {
    providers: {
      gw: { preset: 'opencodex', baseUrl: gateway.url, key: { env: 'GATEWAY_KEY' }, retry: { attempts: 0 } },
    },
    completion: { model, debounceMs: 0, lookAhead: 'never' },
    chat: { model },
  };
}

/**
 * @param files    the workspace folder of each test, name by text
 * @param settings the user's settings
 * @param config   (gateway) => the user's configuration file, or null for none
 * @param env      (gateway) => further variables
 * @param ready    what the status bar item says when a test may begin
 * @param prepare what is done in the folder before the window opens
 * @param open     (on) => what the window opens, where that is not the folder
 * @param page     (page) => what is done with the browser's page before it opens the window
 * @param scale    how many dots of the screen a pixel has
 * @param probe    true: the extension of test/probe is installed, too
 * @param daemon   false: none is on PATH
 * @param vsix     the package that is installed
 */
export function stage({
  files = {},
  settings = {},
  config = configFor,
  env = (gateway) => ({ GATEWAY_KEY: gateway.key }),
  ready = 'Ready',
  trust = false,
  daemon = true,
  vsix = DRAGOMAN_VSIX,
  prepare,
  open,
  page,
  scale = 1,
  probe = false,
} = {}) {
  const on = { count: 0 };
  on.file = (name) => path.join(on.folder, name);
  on.read = (name) => fs.readFileSync(on.file(name), 'utf8');
  on.settings = () => JSON.parse(fs.readFileSync(path.join(on.scratch, 'data/User/settings.json'), 'utf8'));
  on.shot = async (name) => {
    if (!DRAGOMAN_SHOTS) return;
    fs.mkdirSync(DRAGOMAN_SHOTS, { recursive: true });
    await on.page.screenshot({ path: path.join(DRAGOMAN_SHOTS, `${name.replace(/\W+/g, '-')}.png`) });
  };
  /** The daemons that run under this server: a window that has just gone may have one for some seconds more. */
  on.daemons = () => pidsOf(on.scratch);
  /** The one daemon that runs when all others have gone, `other` among them. */
  on.daemon = async (other) => {
    const alone = () => on.daemons().length === 1 && on.daemons()[0] !== other;
    await eventually(alone, other === undefined ? 'one daemon' : 'another daemon');
    return on.daemons()[0];
  };

  before(async () => {
    on.gateway = await Gateway.start(path.join(DRAGOMAN_BIN, 'dragoman-gateway'));
    on.scratch = scratchFolder(settings);
    if (daemon) fs.copyFileSync(path.join(DRAGOMAN_BIN, 'dragoman'), path.join(on.scratch, 'bin/dragoman'));
    if (probe) fs.cpSync(PROBE, path.join(on.scratch, 'built-in/probe'), { recursive: true });
    const written = config?.(on.gateway);
    if (written)
      fs.writeFileSync(path.join(on.scratch, 'home/.config/dragoman/config.json'), JSON.stringify(written));
    await installVsix(on.scratch, vsix);
    on.server = await startServer(on.scratch, { env: env(on.gateway), trust });
    on.browser = await openBrowser();
  });
  beforeEach(async () => {
    // A folder of its own: the server keeps backups of unsaved files by folder.
    on.folder = path.join(on.scratch, `work${++on.count}`);
    fs.mkdirSync(on.folder);
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(on.file(name)), { recursive: true });
      fs.writeFileSync(on.file(name), text);
    }
    prepare?.(on);
    on.gateway.requests.length = 0;
    on.context = await newContext(on.browser, scale);
    on.page = await on.context.newPage();
    await page?.(on.page);
    on.vs = new Window(on.page);
    await on.vs.open(on.server.url, open?.(on) ?? on.folder);
    if (ready) await on.vs.status(ready).waitFor();
  });
  afterEach(async (test) => {
    if (!test.passed) {
      await on.shot(`failed ${test.name}`);
      console.error(
        on.vs.console
          .filter((line) => line.includes('dragoman'))
          .slice(-20)
          .join('\n'),
      );
    }
    const unhandled = on.vs.console.filter(isUnhandled);
    await on.context.close();
    assert.deepEqual([...on.vs.outside], [], 'the page asked for nothing outside this machine');
    assert.deepEqual(unhandled, [], 'nothing unhandled in the extension host');
  });
  after(async () => {
    await on.browser?.close();
    await on.server?.stop();
    await on.gateway?.stop();
    if (on.scratch && !process.env.KEEP) fs.rmSync(on.scratch, { recursive: true, force: true });
  });
  return on;
}

/** What VS Code prints of an error that nobody caught in code of this extension. */
function isUnhandled(line) {
  return /^error /.test(line) && /dragoman\.dragoman|extension\.cjs/.test(line);
}

/** What the extension has written to its output channel, in every window so far. */
export function extensionLog(scratch) {
  const logs = path.join(scratch, 'data/logs');
  return fs
    .readdirSync(logs, { recursive: true })
    .filter((name) => name.endsWith('dragoman.log'))
    .map((name) => fs.readFileSync(path.join(logs, name), 'utf8'))
    .join('\n');
}

/** Of the daemons whose program lies somewhere in `folder`: on PATH, or in the installed package. */
function pidsOf(folder) {
  try {
    return execFileSync('pgrep', ['-f', `^${folder}/[^ ]*dragoman --stdio`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
}

/** Waits until `check` is true (or throws no more), at most `limit` milliseconds. */
export async function eventually(check, what, limit = 60_000) {
  let last;
  for (const until = Date.now() + limit; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      last = await check();
      if (last === true) return;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > until) throw new Error(`never: ${what} (last: ${JSON.stringify(last)})`);
  }
}
