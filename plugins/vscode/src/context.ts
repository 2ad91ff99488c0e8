// What every feature gets: the running daemon behind `request`, what it says about itself, the log, and a list of
// disposables. One daemon for the window. It is kept alive here: started again after a pause that grows, and given
// up with one message when it ends too often.
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import { Backoff } from './backoff.ts';
import * as config from './config.ts';
import type { Connection, RequestOptions } from './connection.ts';
import { DaemonProblem, findDaemon, type Daemon } from './daemon.ts';
import { onDidChangeSelector } from './documents.ts';
import { Code, cureOf, inWords, RequestError, toRequestError, type Cure } from './errors.ts';
import { Log } from './log.ts';
import type { Method, Methods, Status } from './protocol.ts';
import { tellError } from './tell.ts';

/** stopped: by hand or not started yet; waiting: ended by itself, will be started again; failed: it will not. */
export type Life = 'stopped' | 'starting' | 'running' | 'waiting' | 'failed';

/**
 * Sees the arguments of a command that the daemon serves; returns true where it has done what was asked, and the daemon
 * is not to hear of it.
 */
export type ServerCommand = (args: unknown[]) => boolean;

/** How long `request` waits for a daemon that is on its way. */
const START_PATIENCE_MS = 15_000;

/** What is taken down with the extension; vscode.Disposable is a class, and much that can be disposed is not one. */
export interface Disposable {
  dispose(): unknown;
}

export class Context implements Disposable {
  readonly extension: vscode.ExtensionContext;
  readonly #log = new Log('dragoman');
  readonly #middleware: Middleware[] = [];
  readonly #serverCommands = new Map<string, ServerCommand[]>();
  readonly #whenKeys = new Map<string, boolean>();
  readonly #greetings: ((connection: Connection) => void)[] = [];
  readonly #backoff = new Backoff();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: Disposable[] = [];

  /** Fires when `life`, `status` or `daemon` is another. */
  readonly onDidChange = this.#changed.event;

  #connection: Connection | undefined;
  #life: Life = 'stopped';
  #status: Status | undefined;
  #daemon: Daemon | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** The settings that the daemon was told last. */
  #known = '';
  /** Counts starts and stops: what began before the newest one has nothing to say any more. */
  #era = 0;

  constructor(extension: vscode.ExtensionContext) {
    this.extension = extension;
    this.#subscriptions.push(
      this.#changed,
      this.#log,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (config.changesDaemonPath(event)) void this.restart();
        else if (config.changesOverlay(event)) void this.#sendOverlay();
      }),
      onDidChangeSelector(() => void this.restart()),
    );
  }

  get log(): vscode.LogOutputChannel {
    return this.#log.channel;
  }
  get life(): Life {
    return this.#life;
  }
  /** The newest `dragoman/status`, undefined while no daemon runs. */
  get status(): Status | undefined {
    return this.#status;
  }
  get daemon(): Daemon | undefined {
    return this.#daemon;
  }

  /** Takes it down with the extension. */
  push(...disposables: Disposable[]): void {
    this.#subscriptions.push(...disposables);
  }

  command(name: string, run: (...args: never[]) => unknown): void {
    this.push(vscode.commands.registerCommand(name, run as (...args: unknown[]) => unknown));
  }

  /** `run` sees each use of `name`, one of the daemon's commands, before the daemon does. */
  onServerCommand(name: string, run: ServerCommand): void {
    this.#serverCommands.set(name, [...(this.#serverCommands.get(name) ?? []), run]);
  }

  /** Sets what `when` clauses of the manifest and the walkthrough ask for, as `dragoman.<name>`. */
  setWhen(name: string, value: boolean): void {
    if (this.#whenKeys.get(name) === value) return;
    this.#whenKeys.set(name, value);
    void vscode.commands.executeCommand('setContext', `dragoman.${name}`, value);
  }

  /** Adds to the language client's middleware; to be called before `start`. A member is given once only. */
  use(middleware: Middleware): void {
    this.#middleware.push(middleware);
  }

  /** `greet` runs at every start of a daemon, before any request of the editor can reach it. */
  onGreet(greet: (connection: Connection) => void): void {
    this.#greetings.push(greet);
  }

  /** `secret` is cut out of everything that is logged from now on. */
  hide(secret: string): void {
    this.#log.hide(secret);
  }

  /**
   * Asks the daemon. Waits for one that is on its way. Rejects with a RequestError only.
   */
  async request<M extends Method>(
    method: M,
    params: Methods[M]['params'],
    options: RequestOptions = {},
  ): Promise<Methods[M]['result']> {
    const connection = await this.#running(options.token);
    return connection.request(method, params, options);
  }

  /** Shows a failed request, with the way on where there is one. Nothing for a cancelled one. */
  async report(reason: unknown): Promise<void> {
    const error = toRequestError(reason);
    if (error.cancelled) return;
    this.log.error(`${error.message} ${error.hint}`);
    const cure = cureOf(error.kind, error.provider);
    const text = cure ? error.message : inWords(error.message, error.hint);
    const chosen = await tellError(text, ...(cure ? [nameOfCure(cure.kind)] : []));
    if (cure && chosen !== undefined) await this.cure(cure);
  }

  /** Asks for what a refused request wants. */
  async cure({ kind, provider }: Cure): Promise<void> {
    if (kind === 'setKey') await vscode.commands.executeCommand('dragoman.setKey', provider);
    else await vscode.commands.executeCommand('dragoman.setUp');
  }

  /** Starts the daemon; whatever goes wrong is shown, not thrown. */
  async start(): Promise<void> {
    const era = ++this.#era;
    clearTimeout(this.#retry);
    void this.#release()?.dispose();
    this.#set('starting');
    try {
      const daemon = await findDaemon({
        setting: config.daemonPath(),
        extensionFolder: this.extension.extensionPath,
        platform: process.platform,
        arch: process.arch,
        env: process.env,
      });
      if (era !== this.#era) return;
      this.#daemon = daemon;
      this.log.info(`starting ${daemon.path} ${daemon.version}`);
      const connection = await this.#connect(daemon, era);
      if (era !== this.#era) return;
      this.#connection = connection;
      await connection.start();
      if (era !== this.#era) return;
      this.#backoff.started(Date.now());
      this.#set('running');
      void this.#sendOverlay();
    } catch (reason) {
      if (era !== this.#era) return;
      if (reason instanceof DaemonProblem) this.#failed(reason);
      else this.#ended(era, reason);
    }
  }

  async stop(): Promise<void> {
    ++this.#era;
    clearTimeout(this.#retry);
    const connection = this.#release();
    this.#set('stopped');
    await connection?.dispose();
  }

  async restart(): Promise<void> {
    this.#backoff.reset();
    await this.stop();
    await this.start();
  }

  dispose(): void {
    for (const disposable of this.#subscriptions.splice(0).reverse()) disposable.dispose();
  }

  /** The connection, which is no longer anybody's to use: the caller ends it. */
  #release(): Connection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#status = undefined;
    return connection;
  }

  async #connect(daemon: Daemon, era: number): Promise<Connection> {
    const module = await import('./connection.ts');
    return new module.Connection({
      daemon,
      cwd: this.extension.extensionPath, // not the workspace's: nothing there is to be run by accident
      log: this.log,
      middleware: Object.assign({}, ...this.#middleware, { executeCommand: this.#serve }) as Middleware,
      overlay: () => this.#overlay(),
      onStatus: (status) => {
        if (era !== this.#era) return;
        this.#status = status;
        this.#changed.fire();
      },
      onGreet: (connection) => {
        for (const greet of this.#greetings) greet(connection);
      },
      onEnd: () => {
        this.#ended(era);
      },
    });
  }

  /** A command of the daemon's that VS Code runs. */
  readonly #serve: Middleware['executeCommand'] = (command, args, next) => {
    const done = this.#serverCommands.get(command)?.some((run) => run(args)) ?? false;
    return done ? undefined : (next(command, args) as unknown);
  };

  /** The connection is gone, or never came about, though nobody stopped it. */
  #ended(era: number, reason?: unknown): void {
    if (era !== this.#era) return;
    const connection = this.#release();
    setImmediate(() => void connection?.dispose()); // it is still busy with its end
    const delay = this.#backoff.ended(Date.now());
    if (delay === undefined) {
      this.#failed(new Error(vscode.l10n.t('The dragoman daemon ended several times in a row.')));
      return;
    }
    const why = reason === undefined ? '' : ` (${toRequestError(reason).message})`;
    this.log.warn(`the daemon ended${why}; it is started again in ${delay} ms`);
    ++this.#era;
    this.#set('waiting');
    this.#retry = setTimeout(() => void this.start(), delay);
  }

  #failed(reason: unknown): void {
    ++this.#era;
    void this.#release()?.dispose();
    this.#set('failed');
    this.log.error(reason instanceof Error ? reason.message : String(reason));
    void this.#tell(reason);
  }

  /** One message, with the button that helps. */
  async #tell(reason: unknown): Promise<void> {
    const settings = vscode.l10n.t('Open Settings');
    const retry = vscode.l10n.t('Try Again');
    const show = vscode.l10n.t('Show Log');
    const buttons = reason instanceof DaemonProblem ? [settings, retry] : [retry, show];
    const chosen = await tellError(explain(reason), ...buttons);
    if (chosen === settings) await openSettings('dragoman.path');
    if (chosen === retry) await this.restart();
    if (chosen === show) this.log.show();
  }

  async #running(token?: vscode.CancellationToken): Promise<Connection> {
    if (this.#life === 'starting' || this.#life === 'waiting') await this.#settled(token);
    if (token?.isCancellationRequested) throw new RequestError('cancelled', Code.requestCancelled);
    if (this.#connection?.running) return this.#connection;
    throw new RequestError(vscode.l10n.t('The dragoman daemon is not running.'), Code.connectionInactive);
  }

  /** Resolves when the daemon runs or will not, when `token` is cancelled, or when it has been long enough. */
  #settled(token?: vscode.CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        for (const disposable of waiting) disposable.dispose();
        resolve();
      };
      const timer = setTimeout(done, START_PATIENCE_MS);
      const waiting = [
        this.onDidChange(() => {
          if (this.#life !== 'starting' && this.#life !== 'waiting') done();
        }),
      ];
      if (token) waiting.push(token.onCancellationRequested(done));
    });
  }

  /** The settings as they are now, noted as what the daemon knows. */
  #overlay(): config.Overlay {
    const overlay = config.overlay();
    this.#known = JSON.stringify(overlay);
    return overlay;
  }

  /** Tells a running daemon the settings where it knows others; one that is on its way is told when it runs. */
  async #sendOverlay(): Promise<void> {
    if (!this.#connection?.running || this.#known === JSON.stringify(config.overlay())) return;
    await this.#connection.setSettings(this.#overlay()).catch((reason: unknown) => {
      this.log.warn(`the settings were not sent: ${String(reason)}`);
    });
  }

  #set(life: Life): void {
    this.#life = life;
    this.setWhen('running', life === 'running');
    this.#changed.fire();
  }
}

/** What the button says. */
export function nameOfCure(kind: Cure['kind']): string {
  return kind === 'setKey' ? vscode.l10n.t('Set API Key…') : vscode.l10n.t('Set Up a Gateway…');
}

/** In a remote window the machine's settings have a page of their own. */
async function openSettings(query: string): Promise<void> {
  const command = vscode.env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings';
  await vscode.commands.executeCommand(`workbench.action.${command}`, { query });
}

function explain(reason: unknown): string {
  if (!(reason instanceof DaemonProblem)) return reason instanceof Error ? reason.message : String(reason);
  const { path, detail } = reason;
  switch (reason.reason) {
    case 'missing':
      return vscode.l10n.t(
        'The dragoman program is not installed: it is neither bundled for this system nor on PATH.',
      );
    case 'notFound':
      return vscode.l10n.t('The setting dragoman.path names {0}, and there is no such program.', path);
    case 'broken':
      return vscode.l10n.t('{0} does not run: {1}', path, detail);
    case 'old':
      return vscode.l10n.t(
        '{0} is version {1}, which is too old for this extension. Install a newer one.',
        path,
        detail,
      );
    case 'new':
      return vscode.l10n.t(
        '{0} is version {1}, which is too new for this extension. Update the extension.',
        path,
        detail,
      );
  }
}
