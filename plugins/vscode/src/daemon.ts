// Finding and starting the dragoman binary. This file alone knows where it may be and what its version has to be.
// It knows nothing of VS Code, so that it can be tested without one.
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, sep } from 'node:path';

import { binaryName, platformFolder } from './platforms.ts';

/** The editor protocol that this extension speaks: what the daemon prints after its version. */
export const PROTOCOL = 1;

/** A binary that does not say its version in this time is not one of ours. */
const VERSION_PATIENCE_MS = 10_000;

export interface Daemon {
  path: string;
  version: string;
}

/** Why there is no daemon to run. `detail` is the system's or the program's own words. */
export class DaemonProblem extends Error {
  readonly reason: 'missing' | 'notFound' | 'broken' | 'old' | 'new';
  readonly path: string;
  readonly detail: string;

  /**
   * missing: nowhere to be found; notFound: not where the setting says; broken: does not run; old, new: it speaks an
   * older or a newer protocol than the extension.
   */
  constructor(reason: DaemonProblem['reason'], path = '', detail = '') {
    super([reason, path, detail].filter((part) => part !== '').join(': '));
    this.reason = reason;
    this.path = path;
    this.detail = detail;
  }
}

export interface Surroundings {
  /** The setting `dragoman.path`; empty where it is not set. */
  setting: string;
  /** The extension's own folder, which may hold `bin/<platform>/dragoman`. */
  extensionFolder: string;
  platform: NodeJS.Platform;
  arch: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The daemon to run: the setting's if it is set (then no other), else the bundled one, else the first on PATH. Throws
 * DaemonProblem.
 */
export async function findDaemon(around: Surroundings): Promise<Daemon> {
  const setting = expandHome(around.setting.trim());
  if (setting !== '') {
    const found = isAbsolute(setting) || setting.includes(sep) ? setting : await onPath(setting, around);
    if (found === undefined || !(await isFile(found))) throw new DaemonProblem('notFound', setting);
    return checked(found);
  }
  const name = binaryName(around.platform);
  const bundled = join(around.extensionFolder, 'bin', platformFolder(around.platform, around.arch), name);
  if (await isFile(bundled)) return checked(bundled);
  const found = await onPath(name, around);
  if (found === undefined) throw new DaemonProblem('missing');
  return checked(found);
}

/**
 * Starts the daemon for this editor. Its settings count as the user's own: config.ts sends none that a workspace
 * could have set.
 */
export function spawnDaemon(daemon: Daemon, cwd: string): Promise<ChildProcessWithoutNullStreams> {
  return new Promise((resolve, reject) => {
    const args = ['--stdio', '--trust-editor-settings', `--clientProcessId=${process.pid}`];
    const child = spawn(daemon.path, args, { cwd, stdio: 'pipe' });
    child.once('error', (error) => {
      reject(new DaemonProblem('broken', daemon.path, error.message));
    });
    child.once('spawn', () => {
      // A write that the daemon's end cuts off is told by the connection's close, not by an unhandled error.
      child.stdin.on('error', () => undefined);
      resolve(child);
    });
  });
}

async function checked(path: string): Promise<Daemon> {
  const said = await versionOf(path);
  const [, version = '', protocol = '0'] = /^dragoman (\S+)(?: \(editor protocol (\d+)\))?/m.exec(said) ?? [];
  if (version === '') throw new DaemonProblem('broken', path, `--version: ${firstLine(said)}`);
  if (Number(protocol) < PROTOCOL) throw new DaemonProblem('old', path, version);
  if (Number(protocol) > PROTOCOL) throw new DaemonProblem('new', path, version);
  return { path, version };
}

function versionOf(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], { timeout: VERSION_PATIENCE_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new DaemonProblem('broken', path, firstLine(stderr) || error.message));
    });
  });
}

async function onPath(name: string, around: Surroundings): Promise<string | undefined> {
  for (const folder of (around.env['PATH'] ?? '').split(delimiter)) {
    // A relative entry would make the workspace's folder a place to run programs from.
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isExecutable(path: string): Promise<boolean> {
  if (!(await isFile(path))) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
