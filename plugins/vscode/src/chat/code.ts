// What is done with the code of an answer. Nothing of it is run, and a file changes only by a person's acceptance.
import * as vscode from 'vscode';

import { diffLines } from '../diff.ts';
import { isOurs } from '../documents.ts';
import type { Edits } from '../edit.ts';
import { inform, warn } from '../tell.ts';
import { placeOf, type Place } from './place.ts';

/** The editor that was used last: a chat in an editor's tab is the active one when its buttons are. */
export class LastEditor {
  #last = own(vscode.window.activeTextEditor);
  readonly #listener = vscode.window.onDidChangeActiveTextEditor((editor) => {
    this.#last = own(editor) ?? this.#last;
  });

  /** Of a document of the person's own: never an output channel, nor the right side of a proposal. */
  get(): vscode.TextEditor | undefined {
    const here = own(vscode.window.activeTextEditor) ?? this.#last;
    const visible = vscode.window.visibleTextEditors;
    // An editor object is dead once its tab was hidden; the same document may be shown by another.
    return visible.find((one) => one === here) ?? visible.find(({ document }) => document === here?.document);
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

function own(editor: vscode.TextEditor | undefined): vscode.TextEditor | undefined {
  return editor && isOurs(editor.document) ? editor : undefined;
}

export async function insertCode(editor: vscode.TextEditor | undefined, code: string): Promise<void> {
  if (!editor) {
    sayNoFile();
    return;
  }
  const done = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code);
  });
  if (!done) warn(vscode.l10n.t('The file cannot be changed.'));
}

/** In place of the selection where there is one, else where it belongs (place.ts). */
export async function applyCode(
  edits: Edits,
  editor: vscode.TextEditor | undefined,
  code: string,
): Promise<void> {
  if (!editor) {
    sayNoFile();
    return;
  }
  const { document } = editor;
  const { start, end, text } = target(editor, code);
  const old = document.getText().slice(start, end);
  const hunks = diffLines(old, text).map((hunk) => ({
    ...hunk,
    start: hunk.start + start,
    end: hunk.end + start,
  }));
  if (!(await edits.offer(document, hunks))) inform(vscode.l10n.t('There is nothing to change.'));
}

/** Offsets and line ends of the document. */
function target({ document, selection }: vscode.TextEditor, code: string): Place {
  const crlf = document.eol === vscode.EndOfLine.CRLF;
  const own = (text: string) => (crlf ? text.replaceAll('\n', '\r\n') : text);
  if (!selection.isEmpty) {
    const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    const body = code.replace(/\n$/, '');
    return { start, end, text: own(document.getText(selection).endsWith('\n') ? `${body}\n` : body) };
  }
  // As if every line ended in \n: what stands before a place tells its offset in the document.
  const plain = document.getText().replaceAll('\r\n', '\n');
  const before = document.getText(new vscode.Range(new vscode.Position(0, 0), selection.active));
  const { start, end, text } = placeOf(plain, code, before.replaceAll('\r\n', '\n').length);
  const offset = (at: number) => own(plain.slice(0, at)).length;
  return { start: offset(start), end: offset(end), text: own(text) };
}

function sayNoFile(): void {
  inform(vscode.l10n.t('Open the file that the code is for.'));
}
