// One run of the daemon: the process, and the language client that speaks to it. This file alone loads
// vscode-languageclient, which is most of the bundle; it is imported when the first daemon starts, after activation.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  ProgressType,
  RevealOutputChannelOn,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';

import type { Overlay } from './config.ts';
import { spawnDaemon, type Daemon } from './daemon.ts';
import { documentSelector } from './documents.ts';
import { RequestError, toRequestError } from './errors.ts';
import type { Method, Methods, Status, StreamEvent } from './protocol.ts';
import { unlinkMessage } from './unlinked.ts';

export interface RequestOptions {
  /** Called for each `$/progress` event of the request, in order, before it settles. */
  onEvent?: (event: StreamEvent) => void;
  token?: vscode.CancellationToken;
}

/** What a connection needs of the extension, and what it tells. */
export interface Surroundings {
  daemon: Daemon;
  /** The process's working folder. */
  cwd: string;
  log: vscode.LogOutputChannel;
  middleware: Middleware;
  /** The settings as they are now; asked for at the start and whenever the daemon asks. */
  overlay: () => Overlay;
  onStatus: (status: Status) => void;
  /** The daemon has been initialized, and nothing of the editor has reached it yet. */
  onGreet: (connection: Connection) => void;
  /** It has ended, and nobody had asked it to. */
  onEnd: () => void;
}

export class Connection {
  readonly #client: LanguageClient;
  #streams = 0;

  constructor(around: Surroundings) {
    const start = () => spawnDaemon(around.daemon, around.cwd);
    this.#client = new QuietClient('dragoman', 'dragoman', start, optionsFor(around));
    this.#client.onNotification('dragoman/status', around.onStatus);
    this.#client.registerFeature(
      greeting(() => {
        around.onGreet(this);
      }),
    );
  }

  get running(): boolean {
    return this.#client.isRunning();
  }

  /** Resolves when the daemon has been initialized. Rejects where it does not come that far. */
  start(): Promise<void> {
    return this.#client.start();
  }

  /** Ends the daemon, in whatever state it is. */
  async dispose(): Promise<void> {
    await this.#client.dispose().catch(() => undefined);
  }

  async setSettings(overlay: Overlay): Promise<void> {
    await this.#client.sendNotification('workspace/didChangeConfiguration', {
      settings: { dragoman: overlay },
    });
  }

  /** Rejects with a RequestError only. */
  async request<M extends Method>(
    method: M,
    params: Methods[M]['params'],
    { onEvent, token }: RequestOptions = {},
  ): Promise<Methods[M]['result']> {
    const partialResultToken = `dragoman-${++this.#streams}`;
    const sent = onEvent ? { ...params, partialResultToken } : params;
    const progress =
      onEvent && this.#client.onProgress(new ProgressType<StreamEvent>(), partialResultToken, onEvent);
    try {
      // Not `sendRequest(method, sent, undefined)`: the client would send the undefined as a second parameter.
      return await (token
        ? this.#client.sendRequest<Methods[M]['result']>(method, sent, token)
        : this.#client.sendRequest<Methods[M]['result']>(method, sent));
    } catch (reason) {
      const error = toRequestError(reason);
      if (!error.gone) throw error;
      throw new RequestError(vscode.l10n.t('The daemon stopped before it had answered.'), error.code);
    } finally {
      progress?.dispose();
    }
  }
}

function optionsFor({ log, middleware, overlay, onEnd }: Surroundings): LanguageClientOptions {
  return {
    documentSelector: documentSelector(),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: overlay,
    initializationFailedHandler: () => false,
    connectionOptions: {
      messageStrategy: {
        handleMessage: (message, next) => {
          unlinkMessage(message);
          return next(message);
        },
      },
    },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        onEnd();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      ...middleware,
      // The daemon may pull its settings, and the client would answer with what the workspace says.
      workspace: {
        configuration: ({ items }) => items.map(overlay),
        didChangeConfiguration: () => Promise.resolve(),
      },
    },
  };
}

/** A client that logs what goes wrong and leaves it to the context to tell a person, once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** A feature of the language client whose only work is to be called when a daemon has been initialized. */
function greeting(greet: () => void): StaticFeature {
  return {
    fillClientCapabilities: () => undefined,
    initialize: greet,
    getState: () => ({ kind: 'static' }),
    clear: () => undefined,
  };
}
