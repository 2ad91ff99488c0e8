// What can be attached to a question, and how it is called.
import * as vscode from 'vscode';

import { isOurs } from '../documents.ts';
import { currentDocument } from '../ghost.ts';
import type { ContextItem } from '../protocol.ts';
import { warn } from '../tell.ts';
import { IMAGE_LIMIT, isPicture, readFile, TEXT_LIMIT, type Trouble } from './dropped.ts';

/** Of a drop of many files that cannot be attached, so many are named. */
const MOST_REFUSALS = 3;

export interface Attachment {
  name: string;
  item: ContextItem;
}

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

/** What was pasted or dropped as bytes; where it cannot be attached that is said, and undefined. */
export function bytes(name: string, content: Uint8Array): Attachment | undefined {
  const item = readFile(name, content);
  if (typeof item !== 'string') return { name, item };
  refuse(name, item);
  return undefined;
}

/** Says why a file is not attached. */
export function refuse(name: string, why: Refusal): void {
  warn(sentence(name, why));
}

/** Files by their addresses, as they come from a drop or a dialog; those that cannot be attached are named and left out. */
export async function files(uris: readonly string[]): Promise<Attachment[]> {
  const read = await Promise.all(uris.map(fileAt));
  const refused = read.filter((one) => typeof one === 'string');
  for (const why of refused.slice(0, MOST_REFUSALS)) warn(why);
  return read.filter((one) => typeof one !== 'string');
}

/** The daemon reads what lies on its own disk; a picture, and what lies elsewhere, is read here. A string is why not. */
async function fileAt(address: string): Promise<Attachment | string> {
  let name = address.slice(0, 200);
  try {
    const uri = here(vscode.Uri.parse(address, true));
    name = path(uri.toString());
    if (isOpen(uri)) return file(uri); // of which the daemon has the text, also where no disk has it
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory) return sentence(name, 'folder');
    const onDisk = uri.scheme === 'file' && !isPicture(uri.path);
    if (size > (onDisk ? TEXT_LIMIT : IMAGE_LIMIT)) return sentence(name, 'tooLarge');
    if (onDisk) return file(uri);
    const item = readFile(name, await vscode.workspace.fs.readFile(uri));
    return typeof item === 'string' ? sentence(name, item) : { name, item };
  } catch {
    return sentence(name, 'unreadable');
  }
}

function isOpen(uri: vscode.Uri): boolean {
  const address = uri.toString();
  return vscode.workspace.textDocuments.some((one) => isOurs(one) && one.uri.toString() === address);
}

/** A window whose files lie elsewhere names them by that place, and this extension runs there. */
function here(uri: vscode.Uri): vscode.Uri {
  return uri.scheme === 'vscode-remote' ? uri.with({ scheme: 'file', authority: '' }) : uri;
}

type Refusal = Trouble | 'folder' | 'unreadable';

function sentence(name: string, why: Refusal): string {
  switch (why) {
    case 'folder':
      return vscode.l10n.t('{0} is a folder: attach the files that matter.', name);
    case 'unreadable':
      return vscode.l10n.t('{0} cannot be read.', name);
    case 'empty':
      return vscode.l10n.t('{0} is empty.', name);
    case 'tooLarge':
      return vscode.l10n.t('{0} is too large: images may have 20 MiB, texts 8 MiB.', name);
    case 'broken':
      return vscode.l10n.t('{0} is an image that was cut off: its end is missing.', name);
    case 'notText':
      return vscode.l10n.t('{0} is neither an image (PNG, JPEG, GIF, WebP) nor a text in UTF-8.', name);
  }
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
  return files((picked ?? []).map(String));
}

function path(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
