// Chat: a view in the side bar, tabs in the editor, and the commands that lead there. A command is about the chat that
// was used last.
import * as vscode from 'vscode';

import type { Context, Disposable } from '../context.ts';
import type { Edits } from '../edit.ts';
import { pickModel } from '../models.ts';
import { inform } from '../tell.ts';
import { files, selection } from './attachments.ts';
import { applyCode, insertCode, LastEditor } from './code.ts';
import { exportConversation, pickConversation } from './history.ts';
import { Chat, type Desk, type Remembered } from './view.ts';

const VIEW = 'dragoman.chat';
const TAB = 'dragoman.chatTab';
/**
 * The chats of the side bar and of the tabs, in the workspace's memory: what a page remembers is written when the window
 * closes in peace, and only then.
 */
const MEMORY = { side: 'chat.side', tabs: 'chat.tabs' };
const MOST_TABS = 20;
const NOTHING: Remembered = { conversation: '', draft: '', attachments: [] };

export function activateChat(context: Context, edits: Edits): void {
  const chats = new Chats(context, edits);
  context.push(
    chats,
    vscode.window.registerWebviewViewProvider(VIEW, chats),
    vscode.window.registerWebviewPanelSerializer(TAB, {
      deserializeWebviewPanel: (panel, state) => {
        chats.restore(panel, state);
        return Promise.resolve();
      },
    }),
  );
  context.command('dragoman.openChat', async () => {
    const chat = await chats.reveal();
    chat.focus();
  });
  context.command('dragoman.newChat', async () => {
    const chat = await chats.reveal();
    chat.session.clear();
    chat.focus();
  });
  context.command('dragoman.chatInEditor', () => {
    chats.openTab();
  });
  context.command('dragoman.chatHistory', () => chats.history());
  context.command('dragoman.exportChat', () => chats.export());
  context.command('dragoman.addToChat', async (uri?: vscode.Uri) => {
    const editor = vscode.window.activeTextEditor;
    const own = editor && (uri === undefined || editor.document.uri.toString() === uri.toString());
    const target = uri ?? editor?.document.uri;
    const attachments =
      own && !editor.selection.isEmpty ? [selection(editor)] : target ? await files([target.toString()]) : [];
    const chat = await chats.reveal();
    chat.session.attach(...attachments);
    chat.focus();
  });
}

class Chats implements vscode.WebviewViewProvider, Disposable {
  readonly #context: Context;
  readonly #editor = new LastEditor();
  readonly #side: Chat;
  readonly #tabs = new Map<Chat, vscode.WebviewPanel>();
  readonly #edits: Edits;
  /** Of tabs that VS Code has yet to bring back. */
  readonly #kept: Remembered[];
  #last: Chat;

  constructor(context: Context, edits: Edits) {
    this.#context = context;
    this.#edits = edits;
    this.#kept = this.#memory.get<Remembered[]>(MEMORY.tabs, []);
    this.#side = this.#last = this.#chat(this.#memory.get(MEMORY.side, NOTHING));
    this.#side.onDidChange(() => void this.#memory.update(MEMORY.side, this.#side.memory));
  }

  get #memory(): vscode.Memento {
    return this.#context.extension.workspaceState;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#side.show(view.webview);
    const titled = this.#side.session.onTitle((title) => {
      view.description = title;
    });
    view.description = this.#side.session.title;
    view.onDidDispose(() => {
      titled.dispose();
      this.#side.hide();
    });
  }

  openTab(): void {
    const panel = vscode.window.createWebviewPanel(
      TAB,
      vscode.l10n.t('Chat'),
      { viewColumn: vscode.ViewColumn.Beside },
      { enableScripts: true },
    );
    this.#last = this.#adopt(panel, NOTHING);
    this.#last.focus();
  }

  /** A tab that VS Code brings back. `state` is what its page remembers, where it had the time. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const { conversation } = { conversation: '', ...(state as Partial<Remembered> | undefined) };
    const at = conversation === '' ? 0 : this.#kept.findIndex((one) => one.conversation === conversation);
    const [kept] = at < 0 ? [] : this.#kept.splice(at, 1);
    this.#adopt(panel, kept ?? NOTHING);
  }

  #adopt(panel: vscode.WebviewPanel, remembered: Remembered): Chat {
    const chat = this.#chat(remembered);
    const remember = () => void this.#memory.update(MEMORY.tabs, this.#inTabs());
    this.#tabs.set(chat, panel);
    chat.session.onTitle((title) => {
      panel.title = title === '' ? vscode.l10n.t('Chat') : title;
    });
    // The page tells when it gets the focus; one that VS Code brings back in front may have it from the beginning.
    const inFront = () => {
      if (panel.active) this.#last = chat;
    };
    panel.onDidChangeViewState(inFront);
    inFront();
    chat.onDidChange(remember);
    panel.onDidDispose(() => {
      this.#tabs.delete(chat);
      remember();
      if (this.#last === chat) this.#last = this.#side;
      chat.dispose();
    });
    chat.show(panel.webview);
    return chat;
  }

  /** Those that are shown, then those that VS Code has yet to bring back: it does when a person turns to them. */
  #inTabs(): Remembered[] {
    return [...[...this.#tabs.keys()].map(({ memory }) => memory), ...this.#kept].slice(0, MOST_TABS);
  }

  /** The chat that was used last, in front. */
  async reveal(): Promise<Chat> {
    const panel = this.#tabs.get(this.#last);
    if (panel) panel.reveal();
    else await vscode.commands.executeCommand(`${VIEW}.focus`);
    return this.#last;
  }

  async history(): Promise<void> {
    const all = () => [this.#side, ...this.#tabs.keys()];
    const conversation = await pickConversation(this.#context, {
      renamed: (id, title) => {
        for (const { session } of all()) if (session.conversation === id) session.renamed(title);
      },
      deleted: (id) => {
        for (const { session } of all()) if (session.conversation === id) session.clear();
      },
    });
    if (conversation === undefined) return;
    try {
      const chat = await this.reveal();
      await chat.session.open(conversation);
      chat.focus();
    } catch (reason) {
      await this.#context.report(reason);
    }
  }

  async export(): Promise<void> {
    const { conversation, title } = this.#last.session;
    if (conversation === '') {
      inform(vscode.l10n.t('There is no conversation to export.'));
      return;
    }
    try {
      await exportConversation(this.#context, conversation, title);
    } catch (reason) {
      await this.#context.report(reason);
    }
  }

  dispose(): void {
    this.#editor.dispose();
    this.#side.dispose();
    for (const chat of this.#tabs.keys()) chat.dispose();
  }

  #chat(remembered: Remembered): Chat {
    const desk: Desk = {
      insert: (code) => insertCode(this.#editor.get(), code),
      apply: (code) => applyCode(this.#edits, this.#editor.get(), code),
      pickModel: (current) => this.#pickModel(current),
      focused: (chat) => {
        this.#last = chat;
      },
    };
    return new Chat(this.#context, desk, remembered);
  }

  async #pickModel(current: string): Promise<string | undefined> {
    const { models, selected } = await this.#context.request('dragoman/models', {});
    const configured = {
      id: '',
      label: vscode.l10n.t('Default model'),
      ...(selected.chat === undefined ? {} : { detail: selected.chat }),
    };
    return pickModel(models, current, [configured]);
  }
}
