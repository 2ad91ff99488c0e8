// Which documents the daemon sees: files, untitled ones, notebook cells, and whatever the workspace's folders are made
// of (virtual workspaces). Not output channels, the other side of a diff, or the input boxes of other views.
import * as vscode from 'vscode';

const ALWAYS = ['file', 'untitled', 'vscode-notebook-cell'];

export function documentSelector(): { scheme: string }[] {
  return schemes().map((scheme) => ({ scheme }));
}

export function isOurs(document: vscode.TextDocument): boolean {
  return schemes().includes(document.uri.scheme);
}

/** Fires when a folder came or went that changes the selector. */
export function onDidChangeSelector(changed: () => void): vscode.Disposable {
  let known = schemes().join();
  return vscode.workspace.onDidChangeWorkspaceFolders(() => {
    const now = schemes().join();
    if (now === known) return;
    known = now;
    changed();
  });
}

function schemes(): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set([...ALWAYS, ...folders])];
}
