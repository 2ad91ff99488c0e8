// What can be attached to a question, and how it is called.
import * as vscode from 'vscode';

import { currentDocument } from '../ghost.ts';
import type { ContextItem } from '../protocol.ts';

export interface Attachment {
  name: string;
  item: ContextItem;
}

/** What the daemon takes as an image, and at most how much of it, in base64. */
const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const IMAGE_LIMIT = Math.ceil((20 * 1024 * 1024) / 3) * 4;

interface Choice extends vscode.QuickPickItem {
  take?: () => Thenable<Attachment[]> | Attachment[];
}

/** Asks what to attach, among what there is now. */
export async function pickAttachments(): Promise<Attachment[]> {
  const document = currentDocument();
  const editor = vscode.window.activeTextEditor;
  const choices: Choice[] = [];
  if (document && editor && !editor.selection.isEmpty) {
    const one = selection(editor);
    choices.push({
      label: vscode.l10n.t('$(selection) Selection'),
      description: one.name,
      take: () => [one],
    });
  }
  if (document) {
    const one = file(document.uri);
    choices.push({ label: vscode.l10n.t('$(file) Open file'), description: one.name, take: () => [one] });
    const found = problems(document.uri);
    if (found)
      choices.push({
        label: vscode.l10n.t('$(warning) Problems of the open file'),
        description: found.name,
        take: () => [found],
      });
  }
  choices.push(
    {
      label: vscode.l10n.t('$(git-commit) Staged changes'),
      take: () => [
        { name: nameOf({ kind: 'gitDiff', staged: true }), item: { kind: 'gitDiff', staged: true } },
      ],
    },
    { label: vscode.l10n.t('$(folder-opened) Files…'), take: pickFiles },
  );
  const picked = await vscode.window.showQuickPick(choices, {
    placeHolder: vscode.l10n.t('What does the question take along?'),
    matchOnDescription: true,
  });
  return (await picked?.take?.()) ?? [];
}

export function selection(editor: vscode.TextEditor): Attachment {
  const { start, end } = editor.selection;
  const item: ContextItem = {
    kind: 'range',
    uri: editor.document.uri.toString(),
    range: {
      start: { line: start.line, character: start.character },
      end: { line: end.line, character: end.character },
    },
  };
  return { name: nameOf(item), item };
}

export function file(uri: vscode.Uri): Attachment {
  const item: ContextItem = { kind: 'file', uri: uri.toString() };
  return { name: nameOf(item), item };
}

/** undefined where it is nothing that the daemon takes. */
export function image(mimeType: string, data: string): Attachment | undefined {
  if (!IMAGES.includes(mimeType) || data.length > IMAGE_LIMIT) return undefined;
  const item: ContextItem = { kind: 'image', mimeType, data };
  return { name: nameOf(item), item };
}

/** How an attachment is called in the view. */
export function nameOf(item: ContextItem): string {
  switch (item.kind) {
    case 'file':
      return path(item.uri);
    case 'range': {
      const { start, end } = item.range;
      // A selection of whole lines ends before the first character of the next one.
      const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
      return `${path(item.uri)}:${start.line + 1}${last > start.line + 1 ? `-${last}` : ''}`;
    }
    case 'diagnostics':
      return vscode.l10n.t('{0} problems of {1}', item.diagnostics.length, path(item.uri));
    case 'gitDiff':
      return item.staged ? vscode.l10n.t('Staged changes') : vscode.l10n.t('Changes');
    case 'image':
      return vscode.l10n.t('Image');
    case 'text':
      return item.label ?? vscode.l10n.t('Text');
  }
}

function problems(uri: vscode.Uri): Attachment | undefined {
  const diagnostics = vscode.languages.getDiagnostics(uri).map(({ range, severity, message, source }) => ({
    range: {
      start: { line: range.start.line, character: range.start.character },
      end: { line: range.end.line, character: range.end.character },
    },
    severity: severity + 1, // LSP counts from one
    message,
    ...(source === undefined ? {} : { source }),
  }));
  if (diagnostics.length === 0) return undefined;
  const item: ContextItem = { kind: 'diagnostics', uri: uri.toString(), diagnostics };
  return { name: nameOf(item), item };
}

async function pickFiles(): Promise<Attachment[]> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: vscode.l10n.t('Attach'),
    ...(folder ? { defaultUri: folder } : {}),
  });
  return (picked ?? []).map(file);
}

function path(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
