// Ghost text. The language client asks the daemon and shows the answer; here is only whether it asks at all, and the
// commands that switch it. Several providers live beside each other in VS Code, which picks; the daemon gets the entry
// that is selected in the suggest widget (`selectedCompletionInfo`) and continues that.
//
// What the daemon hears of a suggestion's fate: its item's command runs when it is accepted. The stable API tells an
// extension nothing of suggestions shown, rejected or taken in part.
import * as vscode from 'vscode';

import * as config from './config.ts';
import type { Context } from './context.ts';
import { isOurs } from './documents.ts';

export function activateGhost(context: Context): void {
  context.use({
    provideInlineCompletionItems: (document, position, asked, token, next) => {
      // Asked for by hand, it comes even where it is switched off.
      const invoked = asked.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
      return invoked || config.completionEnabled(document)
        ? next(document, position, asked, token)
        : undefined;
    },
  });
  context.onServerCommand('dragoman.completionAccepted', () => {
    context.setWhen('accepted', true);
    return false;
  });
  context.command('dragoman.toggleCompletion', () =>
    config.setCompletionForUser(!config.completionEnabledHere()),
  );
  context.command('dragoman.toggleCompletionForLanguage', async () => {
    const document = currentDocument();
    if (document) await config.setCompletionForLanguage(document, !config.completionEnabled(document));
  });
  context.command('dragoman.toggleCompletionForWorkspace', () =>
    config.setCompletionForWorkspace(!config.completionEnabledHere()),
  );
}

/** The document that a person is looking at, where the daemon knows it. */
export function currentDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && isOurs(document) ? document : undefined;
}
