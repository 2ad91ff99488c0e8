// A chat on the screen: in the side bar, or in an editor's tab. The page may load its own script and style and nothing
// else; what it asks for is done here.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

import type { Context, Disposable } from '../context.ts';
import { file, image, pickAttachments } from './attachments.ts';
import type { ToHost, ToView } from './messages.ts';
import { Session } from './session.ts';
import { strings } from './strings.ts';

/** What a view asks of the extension beyond its own conversation. */
export interface Desk {
  insert: (code: string) => Promise<void>;
  apply: (code: string) => Promise<void>;
  /** The model that was chosen, undefined where none was. */
  pickModel: (current: string) => Promise<string | undefined>;
  focused: (chat: Chat) => void;
}

export class Chat implements Disposable {
  readonly session: Session;
  readonly #context: Context;
  readonly #desk: Desk;
  #webview: vscode.Webview | undefined;
  #listener: vscode.Disposable | undefined;
  /** Messages wait until the page listens: `ready` is told all anyway. */
  #listening = false;
  #focusAsked = false;
  /** The conversation that a page shows first where it remembers none. */
  #remembered: string;

  constructor(context: Context, desk: Desk, remembered = '') {
    this.#context = context;
    this.#remembered = remembered;
    this.#desk = desk;
    this.session = new Session(context, (message) => {
      this.#post(message);
    });
  }

  /** Fills a page that is empty. */
  show(webview: vscode.Webview): void {
    this.hide();
    this.#webview = webview;
    const dist = vscode.Uri.joinPath(this.#context.extension.extensionUri, 'dist');
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist] };
    this.#listener = webview.onDidReceiveMessage((message: ToHost) => {
      this.#serve(message).catch((reason: unknown) => this.#context.report(reason));
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
  }

  #post(message: ToView): void {
    if (this.#listening) void this.#webview?.postMessage(message);
  }

  async #serve(message: ToHost): Promise<void> {
    const { session } = this;
    switch (message.kind) {
      case 'ready':
        this.#listening = true;
        await session.restore(message.conversation || this.#remembered);
        this.#remembered = '';
        if (this.#focusAsked) this.focus();
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
      case 'image': {
        const attachment = image(message.mimeType, message.data);
        if (attachment) session.attach(attachment);
        else
          void vscode.window.showWarningMessage(
            vscode.l10n.t('Images are PNG, JPEG, GIF or WebP, of 20 MiB at most.'),
          );
        return;
      }
      case 'drop':
        session.attach(...message.uris.map((uri) => file(vscode.Uri.parse(uri))));
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
  'ready' | 'focused' | 'send' | 'stop' | 'retry' | 'edit' | 'continue' | 'fork' | 'copyAnswer';

/** Only what a browser shows; a command link of an answer is a text like any other. */
async function openLink(url: string): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return;
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (name: string) => escape(webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString());
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
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
