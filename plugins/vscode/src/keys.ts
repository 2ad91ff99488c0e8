// API keys. They lie in VS Code's SecretStorage and are handed to the daemon, which keeps them in memory, at every
// start and whenever one changes, in this window or another. A key is in no setting, no message and no log.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { toRequestError } from './errors.ts';
import { inform } from './tell.ts';

const PREFIX = 'dragoman.key.';

/** SecretStorage cannot list what it holds, so the providers' names are kept beside it. */
const NAMES = 'dragoman.keys';

/** A keyring may be locked, and wait for its password as long as it likes; the daemon starts without it. */
const PATIENCE_MS = 3_000;

export class Keys {
  readonly #context: Context;
  /** What is known of the storage, so that a start waits for nothing. */
  readonly #keys = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
    context.onGreet((connection) => {
      for (const [provider, key] of this.#keys) {
        connection.request('dragoman/key/set', { provider, key }).catch((reason: unknown) => {
          context.log.warn(`the key of ${provider} was not handed over: ${toRequestError(reason).message}`);
        });
      }
    });
    context.push(
      context.extension.secrets.onDidChange(({ key }) => {
        if (!key.startsWith(PREFIX)) return;
        this.#changed(key.slice(PREFIX.length)).catch((reason: unknown) => void context.report(reason));
      }),
    );
    context.command('dragoman.setKey', (provider?: unknown) =>
      this.ask(typeof provider === 'string' && provider !== '' ? provider : undefined),
    );
    context.command('dragoman.forgetKey', () => this.#forget());
  }

  /**
   * Reads the storage; to be called before the daemon starts, so that its first request finds the keys. What takes
   * longer than a moment is handed over when it is there. One that cannot be read is told.
   */
  async load(): Promise<void> {
    const read = Promise.all(this.#names().map((provider) => this.#changed(provider))).catch(
      (reason: unknown) => void this.#context.report(reason),
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([read, patience]);
    clearTimeout(timer);
  }

  /** Asks for a key, for `provider` or one that is asked for first. False where the person turned away. */
  async ask(provider?: string): Promise<boolean> {
    const name = provider ?? (await this.#pickProvider());
    if (name === undefined) return false;
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t('API key for {0}', name),
      prompt: vscode.l10n.t('Kept in the secret storage of VS Code, sent to this gateway alone.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/\s/.test(text.trim()) ? vscode.l10n.t('A key holds no blanks.') : undefined),
    });
    const trimmed = key?.trim();
    if (!trimmed) return false;
    this.#context.hide(trimmed);
    await this.#context.extension.globalState.update(NAMES, [...new Set([...this.#names(), name])]);
    await this.#context.extension.secrets.store(PREFIX + name, trimmed);
    await this.#changed(name);
    inform(vscode.l10n.t('The key for {0} is kept.', name));
    return true;
  }

  async #forget(): Promise<void> {
    const names = this.#names();
    if (names.length === 0) {
      inform(vscode.l10n.t('No API key is kept here.'));
      return;
    }
    const name = await vscode.window.showQuickPick(names, {
      placeHolder: vscode.l10n.t('Whose key is to be forgotten?'),
    });
    if (name === undefined) return;
    await this.#context.extension.secrets.delete(PREFIX + name);
    await this.#context.extension.globalState.update(
      NAMES,
      this.#names().filter((other) => other !== name),
    );
    await this.#changed(name);
    inform(vscode.l10n.t('The key for {0} is forgotten.', name));
  }

  async #pickProvider(): Promise<string | undefined> {
    try {
      const { providers } = await this.#context.request('dragoman/key/status', {});
      if (providers.length === 0) {
        await vscode.commands.executeCommand('dragoman.setUp');
        return undefined;
      }
      const items = providers.map(({ provider, present, source }) => ({
        label: provider,
        description: present ? vscode.l10n.t('has a key ({0})', source) : vscode.l10n.t('no key yet'),
      }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('The key is for which gateway?'),
      });
      return picked?.label;
    } catch (reason) {
      await this.#context.report(reason);
      return undefined;
    }
  }

  /**
   * Reads what the storage says now, and tells a daemon that runs or is on its way. A second telling of the same is left
   * out; one that starts later is greeted with all of them.
   */
  async #changed(provider: string): Promise<void> {
    const before = this.#keys.get(provider);
    await this.#read(provider);
    const key = this.#keys.get(provider);
    const { life } = this.#context;
    if (key === before || life === 'stopped' || life === 'failed') return;
    await this.#context
      .request('dragoman/key/set', { provider, key: key ?? null })
      .catch((reason: unknown) => {
        if (!toRequestError(reason).gone) void this.#context.report(reason);
      });
  }

  async #read(provider: string): Promise<void> {
    const key = await this.#context.extension.secrets.get(PREFIX + provider);
    if (key === undefined) {
      this.#keys.delete(provider);
    } else {
      this.#context.hide(key);
      this.#keys.set(provider, key);
    }
  }

  #names(): string[] {
    return this.#context.extension.globalState.get<string[]>(NAMES, []);
  }
}
