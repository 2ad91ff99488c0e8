// What is done with the code of an answer. Nothing of it is run, and a file changes only by a person's acceptance.
import * as vscode from 'vscode';

import { diffLines } from '../diff.ts';
import { isOurs } from '../documents.ts';
import type { Edits } from '../edit.ts';

/** The editor that was used last: a chat in an editor's tab is the active one when its buttons are. */
export class LastEditor {
  #last = vscode.window.activeTextEditor;
  readonly #listener = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor && isOurs(editor.document)) this.#last = editor;
  });

  get(): vscode.TextEditor | undefined {
    const here = vscode.window.activeTextEditor ?? this.#last;
    const visible = vscode.window.visibleTextEditors;
    // An editor object is dead once its tab was hidden; the same document may be shown by another.
    return visible.find((one) => one === here) ?? visible.find(({ document }) => document === here?.document);
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

export async function insertCode(editor: vscode.TextEditor | undefined, code: string): Promise<void> {
  if (!editor) {
    sayNoFile();
    return;
  }
  const done = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code);
  });
  if (!done) void vscode.window.showWarningMessage(vscode.l10n.t('The file cannot be changed.'));
}

/** In place of the selection where there is one, else of the whole file: the diff shows what that changes. */
export async function applyCode(
  edits: Edits,
  editor: vscode.TextEditor | undefined,
  code: string,
): Promise<void> {
  if (!editor) {
    sayNoFile();
    return;
  }
  const { document, selection } = editor;
  const whole = selection.isEmpty;
  const text = document.getText();
  const start = whole ? 0 : document.offsetAt(selection.start);
  const old = whole ? text : document.getText(selection);
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const body = code.replace(/\n$/, '').replaceAll('\n', eol);
  const next = old.endsWith('\n') || (whole && old === '') ? body + eol : body;
  const hunks = diffLines(old, next).map((hunk) => ({
    ...hunk,
    start: hunk.start + start,
    end: hunk.end + start,
  }));
  if (!(await edits.offer(document, hunks)))
    void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to change.'));
}

function sayNoFile(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t('Open the file that the code is for.'));
}
