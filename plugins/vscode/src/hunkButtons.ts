// *Accept* and *Discard* beside each change of a proposal. On the right side of the diff a mark behind the change and
// its hover; in the document's own editor a code lens above it. (A diff editor shows code lenses only to those who
// have set `diffEditor.codeLens`, and its gutter's buttons are not open to extensions.)
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { PREVIEW_SCHEME, type OpenHunk, type Proposal } from './proposal.ts';

/** What a button of one change gives the commands: the right side's URI, and the hunk's name. */
export interface HunkTarget {
  preview: string;
  hunk: number;
}

/** The proposals, as far as they are needed here. */
export interface Shown {
  /** The proposal that `document` is a side of. */
  of(document: vscode.TextDocument): Proposal | undefined;
  /** Hunks came, moved or went. */
  onDidChangeHunks: vscode.Event<void>;
}

export function activateHunkButtons(context: Context, proposals: Shown): void {
  const lenses = new vscode.EventEmitter<void>();
  const mark = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3em' },
  });
  const draw = () => {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme === PREVIEW_SCHEME)
        editor.setDecorations(mark, marks(proposals, editor));
    }
  };
  context.push(
    lenses,
    mark,
    proposals.onDidChangeHunks(() => {
      draw();
      lenses.fire();
    }),
    vscode.window.onDidChangeVisibleTextEditors(draw),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === PREVIEW_SCHEME) draw();
    }),
    vscode.languages.registerCodeLensProvider('*', {
      onDidChangeCodeLenses: lenses.event,
      provideCodeLenses: (document) => lensesOf(proposals, document),
    }),
    vscode.languages.registerHoverProvider(
      { scheme: PREVIEW_SCHEME },
      { provideHover: (document, position) => hover(proposals, document, position) },
    ),
  );
}

function marks(proposals: Shown, { document }: vscode.TextEditor): vscode.DecorationOptions[] {
  const places = proposals.of(document)?.placesIn(document) ?? [];
  return places.map(({ start }, i) => ({
    range: document.lineAt(start.line).range,
    renderOptions: { after: { contentText: count(i, places.length) } },
  }));
}

function lensesOf(proposals: Shown, document: vscode.TextDocument): vscode.CodeLens[] {
  const proposal = proposals.of(document);
  if (proposal?.document !== document) return [];
  const places = proposal.places();
  return proposal.open.flatMap((hunk, i) => {
    const range = places[i] ?? new vscode.Range(0, 0, 0, 0);
    const to = [target(proposal, hunk)];
    const accept = `$(check) ${vscode.l10n.t('Accept')} (${count(i, places.length)})`;
    return [
      new vscode.CodeLens(range, { title: accept, command: 'dragoman.acceptChange', arguments: to }),
      new vscode.CodeLens(range, {
        title: `$(discard) ${vscode.l10n.t('Discard')}`,
        command: 'dragoman.discardChange',
        arguments: to,
      }),
    ];
  });
}

function hover(
  proposals: Shown,
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Hover | undefined {
  const proposal = proposals.of(document);
  const places = proposal?.placesIn(document) ?? [];
  const at = places.findIndex(
    ({ start, end }) => start.line <= position.line && position.isBeforeOrEqual(end),
  );
  const [place, hunk] = [places[at], proposal?.open[at]];
  if (!proposal || !place || !hunk) return undefined;
  const link = (label: string, command: string) =>
    `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([target(proposal, hunk)]))})`;
  const text = new vscode.MarkdownString(
    [
      link(`$(check) ${vscode.l10n.t('Accept')}`, 'dragoman.acceptChange'),
      link(`$(discard) ${vscode.l10n.t('Discard')}`, 'dragoman.discardChange'),
      count(at, places.length),
    ].join(' · '),
    true,
  );
  text.isTrusted = { enabledCommands: ['dragoman.acceptChange', 'dragoman.discardChange'] };
  return new vscode.Hover(text, place);
}

function target(proposal: Proposal, { id }: OpenHunk): HunkTarget {
  return { preview: proposal.uri.toString(), hunk: id };
}

function count(index: number, all: number): string {
  return vscode.l10n.t('change {0} of {1}', index + 1, all);
}
