// *Edit with dragoman…*: an instruction for the selection. While the daemon writes, and until the last change has been
// accepted or discarded, a diff editor shows the document on the left and the proposal on the right. The document
// changes only by accepting, one change or all of them, each as one step to undo; it may be edited meanwhile.
import * as vscode from 'vscode';
import type { Range as LspRange, TextDocumentEdit, TextEdit } from 'vscode-languageclient';

import type { Context, Disposable } from './context.ts';
import { isOurs } from './documents.ts';
import { Code, toRequestError } from './errors.ts';
import { activateHunkButtons, type HunkTarget } from './hunkButtons.ts';
import type { Hunk } from './hunks.ts';
import { PREVIEW_SCHEME, Proposal, toRange } from './proposal.ts';
import type { EditResult } from './protocol.ts';
import { inform, warn } from './tell.ts';
import { unlinked } from './unlinked.ts';
import { unsent } from './unsent.ts';

/** What other features may do with edits. */
export interface Edits {
  /** Shows hunks for `document` as a proposal to accept or discard; false where they change nothing. */
  offer(document: vscode.TextDocument, hunks: readonly Hunk[]): Promise<boolean>;
}

export function activateEdit(context: Context): Edits {
  const proposals = new Proposals(context);
  context.push(proposals, vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, proposals));
  activateHunkButtons(context, proposals);
  context.command('dragoman.edit', (uri?: vscode.Uri, range?: vscode.Range) => proposals.ask(uri, range));
  // With a target from a hunk's own button; without one (a key, the title bar, the palette) by the cursor.
  context.command('dragoman.acceptChange', (from?: unknown) =>
    isTarget(from)
      ? proposals.find(from.preview)?.accept(from.hunk)
      : proposals.here((proposal) => proposal.accept()),
  );
  context.command('dragoman.discardChange', (from?: unknown) => {
    if (isTarget(from)) proposals.find(from.preview)?.discard(from.hunk);
    else
      proposals.here((proposal) => {
        proposal.discard();
      });
  });
  context.command('dragoman.acceptEdit', () => proposals.here((proposal) => proposal.acceptAll()));
  context.command('dragoman.discardEdit', () => {
    proposals.here((proposal) => {
      proposal.end();
    });
  });
  // The light bulb's "Rewrite…" has no instruction yet; here one can be asked for.
  context.onServerCommand('dragoman.codeAction', ([what]) => {
    const { action, uri, range, instruction } = what as CodeAction;
    if (action !== 'rewrite' || instruction !== undefined) return false;
    proposals
      .ask(vscode.Uri.parse(uri), toRange(range))
      .catch((reason: unknown) => void context.report(reason));
    return true;
  });
  return proposals;
}

/** The title bar's buttons come with an argument of VS Code's own. */
function isTarget(from: unknown): from is HunkTarget {
  return typeof from === 'object' && from !== null && 'preview' in from && 'hunk' in from;
}

/** The argument of the daemon's command `dragoman.codeAction`. */
interface CodeAction {
  action: string;
  uri: string;
  range: LspRange;
  instruction?: string;
}

/** The edits under way, one for a document at most. */
class Proposals implements vscode.TextDocumentContentProvider, Disposable, Edits {
  readonly #context: Context;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #all = new Map<string, Proposal>();
  readonly #listeners: Disposable[];
  #lastInstruction = '';

  readonly #moved = new vscode.EventEmitter<void>();

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHunks = this.#moved.event;

  constructor(context: Context) {
    this.#context = context;
    this.#listeners = [
      this.#changed,
      this.#moved,
      vscode.workspace.onDidChangeTextDocument((event) =>
        this.#all.get(event.document.uri.toString())?.follow(event),
      ),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#all.get(document.uri.toString())?.end();
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.#ofTab(tab)?.end();
      }),
    ];
    // Diff editors that a reload of the window brought back have nothing behind them any more.
    void closeTabs((uri) => uri.scheme === PREVIEW_SCHEME);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#byPreview(uri)?.text ?? '';
  }

  async ask(uri?: vscode.Uri, range?: vscode.Range): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const document = uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
    const place = range ?? editor?.selection;
    if (!document || !place || !isOurs(document)) {
      inform(vscode.l10n.t('Open a file and select what is to be edited.'));
      return;
    }
    const version = document.version;
    const instruction = await vscode.window.showInputBox({
      title: vscode.l10n.t('Edit with dragoman'),
      prompt: place.isEmpty
        ? vscode.l10n.t('What is to be written here?')
        : vscode.l10n.t('What is to be done with it?'),
      value: this.#lastInstruction,
    });
    if (!instruction?.trim()) return;
    this.#lastInstruction = instruction;
    if (document.isClosed || document.version !== version) {
      warn(vscode.l10n.t('The text has changed meanwhile. Select it again.'));
      return;
    }
    await this.#run(document, new vscode.Range(place.start, place.end), instruction);
  }

  find(preview: string): Proposal | undefined {
    return [...this.#all.values()].find((proposal) => proposal.uri.toString() === preview);
  }

  of(document: vscode.TextDocument): Proposal | undefined {
    return this.#byPreview(document.uri) ?? this.#all.get(document.uri.toString());
  }

  async offer(document: vscode.TextDocument, hunks: readonly Hunk[]): Promise<boolean> {
    if (hunks.length === 0) return false;
    const proposal = this.#begin(document, new vscode.Range(0, 0, 0, 0));
    proposal.propose(hunks);
    await proposal.show();
    return true;
  }

  /** Does something with the proposal that a person is looking at. */
  here(act: (proposal: Proposal) => unknown): unknown {
    const document = vscode.window.activeTextEditor?.document;
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const proposal = (document && this.of(document)) ?? (tab && this.#ofTab(tab));
    return proposal && act(proposal);
  }

  dispose(): void {
    for (const proposal of this.#all.values()) proposal.end();
    for (const listener of this.#listeners) listener.dispose();
  }

  async #run(document: vscode.TextDocument, range: vscode.Range, instruction: string): Promise<void> {
    const proposal = this.#begin(document, range);
    try {
      await proposal.show();
      const result = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t('Editing…'),
          cancellable: true,
        },
        (progress, token) => this.#request(proposal, range, instruction, progress, token),
      );
      this.#propose(proposal, result);
    } catch (reason) {
      proposal.end();
      if (toRequestError(reason).code === Code.contentModified) tellChanged();
      else await this.#context.report(reason);
    }
  }

  /** A proposal for `document` in place of the one that was there. */
  #begin(document: vscode.TextDocument, range: vscode.Range): Proposal {
    const key = document.uri.toString();
    this.#all.get(key)?.end();
    const proposal = new Proposal(document, range, () => {
      this.#changed.fire(proposal.uri);
      this.#moved.fire();
    });
    this.#all.set(key, proposal);
    proposal.onEnd(() => {
      if (this.#all.get(key) === proposal) this.#all.delete(key);
      this.#moved.fire();
      this.#context.setWhen('editing', this.#all.size > 0);
      void closeTabs((uri) => uri.toString() === proposal.uri.toString());
    });
    this.#context.setWhen('editing', true);
    return proposal;
  }

  async #request(
    proposal: Proposal,
    range: vscode.Range,
    instruction: string,
    progress: vscode.Progress<{ message?: string }>,
    token: vscode.CancellationToken,
  ): Promise<EditResult> {
    const cancel = new vscode.CancellationTokenSource();
    const listeners = [
      token.onCancellationRequested(() => {
        cancel.cancel();
      }),
      proposal.onEnd(() => {
        cancel.cancel();
      }),
    ];
    try {
      return await this.#context.request(
        'dragoman/edit',
        { textDocument: { uri: proposal.document.uri.toString() }, range: fromRange(range), instruction },
        {
          token: cancel.token,
          onEvent: (event) => {
            if (event.kind === 'text') proposal.stream(event.text);
            else if (event.kind === 'begin' || event.kind === 'fallback')
              progress.report({ message: unlinked(event.model) });
            else if (event.kind === 'retry') progress.report({ message: unlinked(event.reason) });
          },
        },
      );
    } finally {
      for (const listener of listeners) listener.dispose();
      cancel.dispose();
    }
  }

  #propose(proposal: Proposal, result: EditResult): void {
    if (proposal.ended) return;
    const { edit, withheld } = result;
    const own = edit.documentChanges?.find((change): change is TextDocumentEdit => 'edits' in change);
    const outcome = proposal.settle(own?.textDocument.version ?? null, (own?.edits ?? []) as TextEdit[]);
    if (withheld)
      warn(vscode.l10n.t('{0} changes were left out: they would have overwritten a secret.', withheld));
    const hidden = unsent(result);
    if (hidden !== '') inform(hidden);
    if (outcome === 'nothing') inform(vscode.l10n.t('There is nothing to change.'));
    if (outcome === 'stale') tellChanged();
  }

  #byPreview(uri: vscode.Uri): Proposal | undefined {
    return uri.scheme === PREVIEW_SCHEME ? this.find(uri.toString()) : undefined;
  }

  #ofTab(tab: vscode.Tab): Proposal | undefined {
    return tab.input instanceof vscode.TabInputTextDiff ? this.#byPreview(tab.input.modified) : undefined;
  }
}

function fromRange({ start, end }: vscode.Range): LspRange {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** One that a person closes at the same moment is gone all the same. */
async function closeTabs(ours: (modified: vscode.Uri) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputTextDiff && ours(tab.input.modified));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs).then(undefined, () => undefined);
}

function tellChanged(): void {
  warn(vscode.l10n.t('The text to edit changed while the answer was written.'));
}
