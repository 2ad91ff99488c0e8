// *Edit with dragoman…*: an instruction for the selection. While the daemon writes, and until the last change has been
// accepted or discarded, a diff editor shows the document on the left and the proposal on the right. The document
// changes only by accepting, one change or all of them, each as one step to undo; it may be edited meanwhile.
import * as vscode from 'vscode';
import type { TextDocumentEdit, TextEdit } from 'vscode-languageclient';

import type { Context, Disposable } from './context.ts';
import { isOurs } from './documents.ts';
import { Code, toRequestError } from './errors.ts';
import { hunkAt, inDocument, preview, shift, soFar, type Hunk } from './hunks.ts';
import type { EditResult } from './protocol.ts';

/** The right side's documents. */
const SCHEME = 'dragoman-edit';

/** What other features may do with edits. */
export interface Edits {
  /** Shows hunks for `document` as a proposal to accept or discard; false where they change nothing. */
  offer(document: vscode.TextDocument, hunks: readonly Hunk[]): Promise<boolean>;
}

export function activateEdit(context: Context): Edits {
  const proposals = new Proposals(context);
  context.push(proposals, vscode.workspace.registerTextDocumentContentProvider(SCHEME, proposals));
  context.command('dragoman.edit', (uri?: vscode.Uri, range?: vscode.Range) => proposals.ask(uri, range));
  context.command('dragoman.acceptChange', () => proposals.here((proposal) => proposal.accept()));
  context.command('dragoman.discardChange', () => {
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
    void proposals.ask(vscode.Uri.parse(uri), toRange(range));
    return true;
  });
  return proposals;
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

  readonly onDidChange = this.#changed.event;

  constructor(context: Context) {
    this.#context = context;
    this.#listeners = [
      this.#changed,
      vscode.workspace.onDidChangeTextDocument((event) =>
        this.#all.get(event.document.uri.toString())?.follow(event),
      ),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#all.get(document.uri.toString())?.end();
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.#of(tab)?.end();
      }),
    ];
    // Diff editors that a reload of the window brought back have nothing behind them any more.
    void closeTabs((uri) => uri.scheme === SCHEME);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#byPreview(uri)?.text ?? '';
  }

  async ask(uri?: vscode.Uri, range?: vscode.Range): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const document = uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
    const place = range ?? editor?.selection;
    if (!document || !place || !isOurs(document)) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a file and select what is to be edited.'),
      );
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
      void vscode.window.showWarningMessage(
        vscode.l10n.t('The text has changed meanwhile. Select it again.'),
      );
      return;
    }
    await this.#run(document, new vscode.Range(place.start, place.end), instruction);
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
    const uri = vscode.window.activeTextEditor?.document.uri;
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const proposal =
      (uri && (this.#byPreview(uri) ?? this.#all.get(uri.toString()))) ?? (tab && this.#of(tab));
    return proposal && act(proposal);
  }

  dispose(): void {
    for (const proposal of this.#all.values()) proposal.end();
    for (const listener of this.#listeners) listener.dispose();
  }

  async #run(document: vscode.TextDocument, range: vscode.Range, instruction: string): Promise<void> {
    const proposal = this.#begin(document, range);
    await proposal.show();
    try {
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
    });
    this.#all.set(key, proposal);
    proposal.onEnd(() => {
      if (this.#all.get(key) === proposal) this.#all.delete(key);
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
              progress.report({ message: event.model });
            else if (event.kind === 'retry') progress.report({ message: event.reason });
          },
        },
      );
    } finally {
      for (const listener of listeners) listener.dispose();
      cancel.dispose();
    }
  }

  #propose(proposal: Proposal, { edit, withheld }: EditResult): void {
    if (proposal.ended) return;
    const own = edit.documentChanges?.find((change): change is TextDocumentEdit => 'edits' in change);
    const outcome = proposal.settle(own?.textDocument.version ?? null, (own?.edits ?? []) as TextEdit[]);
    if (withheld)
      void vscode.window.showWarningMessage(
        vscode.l10n.t('{0} changes were left out: they would have overwritten a secret.', withheld),
      );
    if (outcome === 'nothing')
      void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to change.'));
    if (outcome === 'stale') tellChanged();
  }

  #byPreview(uri: vscode.Uri): Proposal | undefined {
    if (uri.scheme !== SCHEME) return undefined;
    return [...this.#all.values()].find((proposal) => proposal.uri.toString() === uri.toString());
  }

  #of(tab: vscode.Tab): Proposal | undefined {
    return tab.input instanceof vscode.TabInputTextDiff ? this.#byPreview(tab.input.modified) : undefined;
  }
}

/** One edit: the hunks that are still open, and the diff editor that shows them. */
class Proposal {
  readonly document: vscode.TextDocument;
  readonly uri: vscode.Uri;
  readonly #redraw: () => void;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onEnd = this.#ended.event;
  /** While the answer streams: one hunk, the whole selection. Then the answer's own. */
  #hunks: Hunk[];
  readonly #selected: string;
  #streamed = '';
  #streaming = true;
  ended = false;
  static #count = 0;

  constructor(document: vscode.TextDocument, range: vscode.Range, redraw: () => void) {
    this.document = document;
    this.#redraw = redraw;
    this.#selected = normal(document.getText(range));
    this.#hunks = [
      {
        start: document.offsetAt(range.start),
        end: document.offsetAt(range.end),
        text: document.getText(range),
      },
    ];
    // The path stays: by its ending the right side gets the document's language.
    this.uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${document.uri.path.replace(/^\//, '')}`,
      query: String(++Proposal.#count),
    });
  }

  /** The right side. */
  get text(): string {
    return preview(this.document.getText(), this.#hunks);
  }

  async show(): Promise<void> {
    const name = this.document.uri.path.split('/').pop() ?? '';
    const title = vscode.l10n.t('{0} (proposal)', name);
    await vscode.commands.executeCommand('vscode.diff', this.document.uri, this.uri, title, {
      preview: true,
    });
  }

  /** The next piece of the answer. */
  stream(text: string): void {
    const [hunk] = this.#hunks;
    if (!hunk || !this.#streaming) return;
    this.#streamed += text;
    hunk.text = soFar(this.#selected, this.#streamed);
    this.#redraw();
  }

  /**
   * The whole answer: edits of version `version` of the document, none of which is taken where the document has moved
   * on. Unless something is left to accept ('open'), the proposal has then ended.
   */
  settle(version: number | null, edits: TextEdit[]): 'open' | 'nothing' | 'stale' {
    this.#streaming = false;
    const stale = version !== null && version !== this.document.version;
    this.#hunks = stale
      ? []
      : edits
          .map(({ range, newText }) => ({ ...this.#offsets(range), text: newText }))
          .sort((a, b) => a.start - b.start);
    this.#after();
    return stale ? 'stale' : this.ended ? 'nothing' : 'open';
  }

  /** The hunks at once, where nothing streams. */
  propose(hunks: readonly Hunk[]): void {
    this.#streaming = false;
    this.#hunks = [...hunks];
    this.#redraw();
  }

  /** Keeps the hunks where they belong while the document changes. */
  follow(event: vscode.TextDocumentChangeEvent): void {
    // VS Code gives the changes last place first, all in the coordinates before the event.
    const changes = [...event.contentChanges].sort((a, b) => b.rangeOffset - a.rangeOffset);
    for (const { rangeOffset, rangeLength, text } of changes)
      this.#hunks = shift(this.#hunks, { offset: rangeOffset, length: rangeLength, text });
    if (event.contentChanges.length > 0) this.#after();
  }

  /** Takes over the change at the cursor, or the next one. */
  async accept(): Promise<void> {
    const hunk = this.#hunks[this.#current()];
    if (hunk) await this.#apply([hunk]);
  }

  async acceptAll(): Promise<void> {
    await this.#apply(this.#hunks);
  }

  discard(): void {
    const current = this.#current();
    if (this.#streaming || current === -1) return;
    this.#hunks = this.#hunks.filter((_, i) => i !== current);
    this.#after();
  }

  /** The rest is discarded, and a request that still runs is cancelled. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#hunks = [];
    this.#ended.fire();
    this.#ended.dispose();
  }

  async #apply(hunks: readonly Hunk[]): Promise<void> {
    if (this.#streaming || hunks.length === 0) return;
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of hunks) {
      const range = new vscode.Range(this.document.positionAt(start), this.document.positionAt(end));
      edit.replace(this.document.uri, range, text);
    }
    const before = this.#hunks;
    const { version } = this.document;
    // Taken out first: `follow` hears of the change before applyEdit has ended.
    this.#hunks = before.filter((hunk) => !hunks.includes(hunk));
    if (await vscode.workspace.applyEdit(edit)) return;
    if (this.document.version === version) this.#hunks = before;
    this.#after();
    void vscode.window.showWarningMessage(
      vscode.l10n.t('The change could not be applied: the text has changed.'),
    );
  }

  #after(): void {
    // A selection that was changed while the answer streams is refused by the daemon, which says so.
    if (this.#hunks.length === 0 && !this.#streaming) this.end();
    else this.#redraw();
  }

  #current(): number {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return hunkAt(this.#hunks, 0);
    const offset = editor.document.offsetAt(editor.selection.active);
    const left = editor.document.uri.toString() === this.document.uri.toString();
    return hunkAt(this.#hunks, left ? offset : inDocument(this.#hunks, offset));
  }

  #offsets(range: LspRange): { start: number; end: number } {
    const { start, end } = toRange(range);
    return { start: this.document.offsetAt(start), end: this.document.offsetAt(end) };
  }
}

interface LspRange {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

function toRange({ start, end }: LspRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function fromRange({ start, end }: vscode.Range): LspRange {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

function normal(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

async function closeTabs(ours: (modified: vscode.Uri) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputTextDiff && ours(tab.input.modified));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function tellChanged(): void {
  void vscode.window.showWarningMessage(
    vscode.l10n.t('The text to edit changed while the answer was written.'),
  );
}
