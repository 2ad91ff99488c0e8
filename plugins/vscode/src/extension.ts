// What happens when VS Code starts the extension, and the table of its features. A feature is a file: it registers its
// commands and listeners on the context and never reaches into another's.
import type * as vscode from 'vscode';

import { activateChat } from './chat/chat.ts';
import { Context } from './context.ts';
import { activateEdit } from './edit.ts';
import { activateGhost } from './ghost.ts';
import { Keys } from './keys.ts';
import { activateLanguageModels } from './languageModels.ts';
import { activateScm } from './scm.ts';
import { activateSent } from './sent.ts';
import { activateSetup } from './setup.ts';
import { activateStatus } from './status.ts';
import { activateTrail } from './trail.ts';

let running: Context | undefined;

export function activate(extension: vscode.ExtensionContext): void {
  const context = new Context(extension);
  extension.subscriptions.push(context);
  running = context;
  const keys = new Keys(context);
  activateStatus(context);
  activateGhost(context);
  const edits = activateEdit(context);
  activateChat(context, edits);
  activateScm(context);
  activateSetup(context, keys);
  activateTrail(context);
  activateSent(context);
  activateLanguageModels(context);
  // Not awaited: the editor waits for no daemon. Keys first, so that the first request finds them.
  void keys.load().then(() => context.start());
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
