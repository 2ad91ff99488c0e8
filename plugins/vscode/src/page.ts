// An account of the daemon as a document to read: read only, and nobody is asked to save it.
import * as vscode from 'vscode';

import type { Context } from './context.ts';

/** Shows a text; the same page again where it is open. */
export type Show = (content: string) => Thenable<unknown>;

/** `name` stands in the tab, and makes the scheme of its document; `where` it is shown. */
export function page(context: Context, name: string, where: vscode.TextDocumentShowOptions): Show {
  const scheme = name.replaceAll(' ', '-');
  const uri = vscode.Uri.from({ scheme, path: `/${name}` });
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let content = '';
  context.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => content,
    }),
  );
  return (text) => {
    content = text;
    changed.fire(uri);
    return vscode.window.showTextDocument(uri, { ...where, preview: true });
  };
}
