// One edit that waits to be accepted: the hunks that are still open, and the text of the diff editor that shows them. It
// follows the document, which goes on living, and writes to it by `apply` alone.
import * as vscode from 'vscode';
import type { Range as LspRange, TextEdit } from 'vscode-languageclient';

import { hunkAt, inDocument, inPreview, preview, shift, soFar, type Hunk } from './hunks.ts';
import { warn } from './tell.ts';

/** The scheme of the right side's documents. */
export const PREVIEW_SCHEME = 'dragoman-edit';

/** A hunk that keeps its name while the document and the other hunks change. */
export interface OpenHunk extends Hunk {
  readonly id: number;
}

export class Proposal {
  readonly document: vscode.TextDocument;
  /** Of the right side. */
  readonly uri: vscode.Uri;
  readonly #redraw: () => void;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onEnd = this.#ended.event;
  /** While the answer streams: one hunk, the whole selection. Then the answer's own. */
  #hunks: OpenHunk[] = [];
  readonly #selected: string;
  #streamed = '';
  #streaming = true;
  ended = false;
  static #count = 0;
  #named = 0;

  /** `redraw` is called whenever `text` or `open` may be another. */
  constructor(document: vscode.TextDocument, range: vscode.Range, redraw: () => void) {
    this.document = document;
    this.#redraw = redraw;
    this.#selected = normal(document.getText(range));
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    this.#set([{ start, end, text: document.getText(range) }]);
    // The path stays: by its ending the right side gets the document's language.
    this.uri = vscode.Uri.from({
      scheme: PREVIEW_SCHEME,
      path: `/${document.uri.path.replace(/^\//, '')}`,
      query: String(++Proposal.#count),
    });
  }

  /** The hunks that can be accepted or discarded, in order; none while the answer streams. */
  get open(): readonly OpenHunk[] {
    return this.#streaming ? [] : this.#hunks;
  }

  /** The right side. */
  get text(): string {
    return preview(this.document.getText(), this.#hunks);
  }

  async show(): Promise<void> {
    const name = this.document.uri.path.split('/').pop() ?? '';
    const title = vscode.l10n.t('{0} (proposal)', name);
    // A tab of its own: in a preview's, the next file that is looked at would take its place, and end it.
    await vscode.commands.executeCommand('vscode.diff', this.document.uri, this.uri, title, {
      preview: false,
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
    const hunks = stale
      ? []
      : edits.map(({ range, newText }) => ({ ...this.#offsets(range), text: newText }));
    this.#set(hunks.sort((a, b) => a.start - b.start));
    this.#after();
    return stale ? 'stale' : this.ended ? 'nothing' : 'open';
  }

  /** The hunks at once, where nothing streams. */
  propose(hunks: readonly Hunk[]): void {
    this.#streaming = false;
    this.#set(hunks);
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

  /** Takes over hunk `id`, else the one at the cursor or behind it. */
  async accept(id?: number): Promise<void> {
    const hunk = this.#chosen(id);
    if (hunk) await this.#apply([hunk]);
  }

  async acceptAll(): Promise<void> {
    await this.#apply(this.open);
  }

  /** Drops hunk `id`, else the one at the cursor or behind it. */
  discard(id?: number): void {
    const hunk = this.#chosen(id);
    if (!hunk) return;
    this.#hunks = this.#hunks.filter((other) => other !== hunk);
    this.#after();
  }

  /** Where the open hunks stand on the right side, as long as that shows the newest text; else none. */
  placesIn(right: vscode.TextDocument): vscode.Range[] {
    if (right.getText() !== this.text) return [];
    return inPreview(this.open).map(
      ({ start, end }) => new vscode.Range(right.positionAt(start), right.positionAt(end)),
    );
  }

  /** Where the open hunks stand in the document. */
  places(): vscode.Range[] {
    return this.open.map(
      ({ start, end }) => new vscode.Range(this.document.positionAt(start), this.document.positionAt(end)),
    );
  }

  /** The rest is discarded, and a request that still runs is cancelled. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#hunks = [];
    this.#ended.fire();
    this.#ended.dispose();
  }

  async #apply(hunks: readonly OpenHunk[]): Promise<void> {
    if (hunks.length === 0) return;
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
    warn(vscode.l10n.t('The change could not be applied: the text has changed.'));
  }

  #after(): void {
    // A selection that was changed while the answer streams is refused by the daemon, which says so.
    if (this.#hunks.length === 0 && !this.#streaming) this.end();
    else this.#redraw();
  }

  #set(hunks: readonly Hunk[]): void {
    this.#hunks = hunks.map((hunk) => ({ ...hunk, id: ++this.#named }));
  }

  #chosen(id: number | undefined): OpenHunk | undefined {
    return id === undefined ? this.open[this.#atCursor()] : this.open.find((hunk) => hunk.id === id);
  }

  #atCursor(): number {
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

export function toRange({ start, end }: LspRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function normal(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
