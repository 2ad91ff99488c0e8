// A chat on the screen: in the side bar, or in an editor's tab. The page may load its own script and style and nothing
// else; what it asks for is done here.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

import type { Context, Disposable } from '../context.ts';
import { bytes, files, pickAttachments, refuse, type Attachment } from './attachments.ts';
import type { ToHost, ToView } from './messages.ts';
import { Session } from './session.ts';
import { readToHost } from './shapes.ts';
import { strings } from './strings.ts';

/** What a view asks of the extension beyond its own conversation. */
export interface Desk {
  insert: (code: string) => Promise<void>;
  apply: (code: string) => Promise<void>;
  /** The model that was chosen, undefined where none was. */
  pickModel: (current: string) => Promise<string | undefined>;
  focused: (chat: Chat) => void;
}

/** What a chat comes back with when its window went without a word. */
export interface Remembered {
  conversation: string;
  /** The question that was being written. */
  draft: string;
  attachments: Attachment[];
}

/** More than this is not remembered of what is attached: VS Code writes a memory whole at every change. */
const REMEMBERED_LIMIT = 512 * 1024;

export class Chat implements Disposable {
  readonly session: Session;
  readonly #context: Context;
  readonly #desk: Desk;
  #webview: vscode.Webview | undefined;
  #listener: vscode.Disposable | undefined;
  /** Messages wait until the page listens: `ready` is told all anyway. */
  #listening = false;
  #focusAsked = false;
  /** What a page shows first where it remembers nothing itself. */
  #remembered: string;
  #draft: string;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when `memory` is another. */
  readonly onDidChange = this.#changed.event;

  constructor(context: Context, desk: Desk, { conversation, draft, attachments }: Remembered) {
    this.#context = context;
    this.#remembered = conversation;
    this.#draft = draft;
    this.#desk = desk;
    this.session = new Session(context, (message) => {
      this.#post(message);
    });
    this.session.attach(...attachments);
    const changed = () => {
      this.#changed.fire();
    };
    this.session.onTitle(() => {
      this.#remembered = ''; // another conversation has taken its place
      changed();
    });
    this.session.onAttached(changed);
  }

  get memory(): Remembered {
    const { conversation, attachments } = this.session;
    let size = 0;
    return {
      conversation: conversation || this.#remembered,
      draft: this.#draft,
      attachments: attachments.filter(({ item }) => (size += JSON.stringify(item).length) < REMEMBERED_LIMIT),
    };
  }

  /** Fills a page that is empty. */
  show(webview: vscode.Webview): void {
    this.hide();
    this.#webview = webview;
    const dist = vscode.Uri.joinPath(this.#context.extension.extensionUri, 'dist');
    webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [dist],
    };
    this.#listener = webview.onDidReceiveMessage((message: unknown) => {
      const wish = readToHost(message);
      if (wish) this.#serve(wish).catch((reason: unknown) => this.#context.report(reason));
      else this.#context.log.warn('chat: a message of the page is none of those there are');
    });
    webview.html = page(webview, dist);
  }

  /** The page is gone; the conversation goes on. */
  hide(): void {
    this.#listener?.dispose();
    this.#listener = this.#webview = undefined;
    this.#listening = false;
  }

  /** Leads to where the next question is written, as soon as that is there. */
  focus(): void {
    this.#focusAsked = !this.#listening;
    this.#post({ kind: 'focus' });
  }

  dispose(): void {
    this.hide();
    this.session.dispose();
    this.#changed.dispose();
  }

  #post(message: ToView): void {
    if (this.#listening) void this.#webview?.postMessage(message);
  }

  async #serve(message: ToHost): Promise<void> {
    const { session } = this;
    switch (message.kind) {
      case 'ready':
        this.#listening = true;
        if (message.draft === '' && this.#draft !== '') this.#post({ kind: 'draft', text: this.#draft });
        await session.restore(message.conversation || this.#remembered);
        if (this.#focusAsked) this.focus();
        return;
      case 'draft':
        this.#draft = message.text;
        this.#changed.fire();
        return;
      case 'focused':
        this.#desk.focused(this);
        return;
      case 'send':
        await session.send(message.prompt);
        return;
      case 'stop':
        session.stop();
        return;
      case 'retry':
        await session.retry(message.index);
        return;
      case 'edit':
        await session.retry(message.index, message.prompt);
        return;
      case 'continue':
        await session.continue(message.index);
        return;
      case 'fork':
        await session.fork(message.index);
        return;
      case 'cure': {
        const cure = session.cure(message.index);
        if (cure) await this.#context.cure(cure);
        return;
      }
      case 'copyAnswer':
        await vscode.env.clipboard.writeText(session.answer(message.index));
        return;
      default:
        await this.#assist(message);
    }
  }

  async #assist(message: Exclude<ToHost, { kind: ConversationWish }>): Promise<void> {
    const { session } = this;
    switch (message.kind) {
      case 'attach':
        session.attach(...(await pickAttachments()));
        this.focus();
        return;
      case 'detach':
        session.detach(message.index);
        return;
      case 'file': {
        const attachment = bytes(message.name, message.bytes);
        if (attachment) session.attach(attachment);
        return;
      }
      case 'unread':
        refuse(message.name, message.why);
        return;
      case 'drop':
        session.attach(...(await files(message.uris)));
        this.focus();
        return;
      case 'chooseModel': {
        const model = await this.#desk.pickModel(session.model);
        if (model !== undefined) session.setModel(model);
        this.focus();
        return;
      }
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'insert':
        await this.#desk.insert(message.text);
        return;
      case 'apply':
        await this.#desk.apply(message.text);
        return;
      case 'link':
        await openLink(message.url);
    }
  }
}

type ConversationWish =
  | 'ready'
  | 'focused'
  | 'draft'
  | 'send'
  | 'stop'
  | 'retry'
  | 'edit'
  | 'continue'
  | 'fork'
  | 'cure'
  | 'copyAnswer';

/** Only what a browser shows; a command link of an answer is a text like any other. VS Code asks before it opens one. */
async function openLink(url: string): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return;
  // As it was shown: a Uri would be written anew, with another query. VS Code takes a text, though its types do not say so.
  await vscode.env.openExternal(url as unknown as vscode.Uri);
}

function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (name: string) => escape(webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString());
  // Trusted types without a policy: no text becomes markup or script by any way there is, not even by a mistake of ours.
  const policy = [
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`,
    `base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" nonce="${nonce}" href="${uri('chat.css')}">
<title>dragoman</title>
</head>
<body data-strings="${escape(JSON.stringify(strings()))}">
<script nonce="${nonce}" src="${uri('chat.js')}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
