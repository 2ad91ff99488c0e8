// An answer that grows, cut into blocks. All but the last block of a Markdown text stay as they are whatever follows, so
// only the last one is read again when a piece comes; a link whose target is defined behind it is the one exception
// (references.ts). Pure.
import type { Token } from 'markdown-it';

import { render } from './markdown.ts';
import { References } from './references.ts';
import type { Element, Node } from './tree.ts';

/** A block that has grown to this many characters is cut, and goes on in a block of its own. */
export const BLOCK_LIMIT = 16_384;

export interface Step {
  /** Blocks that are finished, to be added for good. */
  done: Node[];
  /** What stands behind them for now. */
  open: Node[];
}

export interface End {
  done: Node[];
  /** To stand in place of those finished before that have the same number. */
  again: Element[];
}

export class Blocks {
  #rest = '';
  /** Half a line end: what follows says which. */
  #return = false;
  /** Whether the rest is the continuation of a block of code that was cut. */
  #cut = false;
  readonly #references = new References();

  /** The next piece. Cheap as long as pieces are not much longer than BLOCK_LIMIT. */
  push(piece: string): Step {
    let text = this.#return ? `\r${piece}` : piece;
    this.#return = text.endsWith('\r');
    if (this.#return) text = text.slice(0, -1);
    this.#rest += text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd');
    const done: Node[] = [];
    for (;;) {
      const { tokens, defines } = this.#references.parseOpen(this.#rest);
      const last = tokens.findLastIndex((token) => begins(token));
      const line = tokens[last]?.map?.[0] ?? 0;
      if (line > 0) {
        const rest = fromLine(this.#rest, line);
        const text = this.#rest.slice(0, this.#rest.length - rest.length);
        // Links may have been led by a definition that is not finished.
        done.push(...this.#finish(text, defines ? this.#references.parse(text) : tokens.slice(0, last)));
        this.#rest = rest;
        this.#cut = false;
      }
      if (this.#rest.length <= BLOCK_LIMIT) {
        return { done, open: this.#render(tokens.slice(Math.max(last, 0)), false) };
      }
      done.push(...this.#cutBlock(tokens[last]));
    }
  }

  /** The text is whole: what was open is finished. */
  close(): End {
    const done = this.#finish(this.#rest, this.#references.parse(this.#rest));
    return { done, again: this.#references.resolved() };
  }

  /** The blocks of `text`, which is finished. */
  #finish(text: string, tokens: readonly Token[]): Node[] {
    const nodes = this.#render(tokens, true);
    if (!text.includes('[')) return nodes;
    const lines = text.split('\n');
    const blocks = tokens.filter((token) => begins(token));
    nodes.forEach((node, at) => {
      const [from, to] = blocks[at]?.map ?? [0, 0];
      if (typeof node === 'object' && !node.code)
        this.#references.shown(node, lines.slice(from, to).join('\n'));
    });
    return nodes;
  }

  #render(tokens: readonly Token[], colours: boolean): Node[] {
    const nodes = render(tokens, colours);
    const first = nodes[0];
    if (this.#cut && typeof first === 'object' && first.code) first.code.continues = true;
    return nodes;
  }

  #cutBlock(token: Token | undefined): Node[] {
    const lines = token?.type === 'fence' ? 1 : token?.type === 'table_open' ? 2 : 0;
    const rest = fromLine(this.#rest, lines);
    let opener = this.#rest.slice(0, this.#rest.length - rest.length);
    // Whoever opens a block with as much as this does not mean one.
    if (opener.length > BLOCK_LIMIT / 4) opener = '';
    const at = cutPlace(this.#rest, opener.length);
    const nodes = this.#render(this.#references.parse(this.#rest.slice(0, at)), true);
    this.#rest = opener + this.#rest.slice(at);
    this.#cut = token?.type === 'fence';
    return nodes;
  }
}

/** Whether `token` begins a block that is shown. */
function begins({ level, nesting, hidden }: Token): boolean {
  return level === 0 && nesting >= 0 && !hidden;
}

/** At the end of a line where there is one, else of a word, else anywhere but inside a character. */
function cutPlace(text: string, from: number): number {
  for (const end of ['\n', ' ']) {
    const at = text.lastIndexOf(end, BLOCK_LIMIT - 1) + 1;
    if (at > from) return at;
  }
  return /[\ud800-\udbff]/.test(text[BLOCK_LIMIT - 1] ?? '') ? BLOCK_LIMIT - 1 : BLOCK_LIMIT;
}

function fromLine(text: string, line: number): string {
  let at = 0;
  for (; line > 0; --line) {
    const end = text.indexOf('\n', at);
    if (end === -1) return '';
    at = end + 1;
  }
  return text.slice(at);
}
