// The targets of reference links (`[text][label]`, `[label]: https://…`) of an answer that streams. Models write them at the
// end: when the answer is whole, the blocks before that name one are shown again, and only those. A definition counts when
// its block is finished, since an address that still grows leads somewhere else. Pure.
import type { Env, Token } from 'markdown-it';

import { labelOf, parse, render } from './markdown.ts';
import type { Element } from './tree.ts';

/** So many characters of finished blocks wait; what looks like a reference in the others stays a text. */
const MOST_WAITING = 200_000;

export class References {
  readonly #known = Object.create(null) as NonNullable<Env['references']>;
  /** The sources of finished blocks that hold something like a reference without a target; a block's number is its place. */
  readonly #waiting: string[] = [];
  #size = 0;

  /** Of finished text: its definitions count for all. */
  parse(text: string): Token[] {
    return parse(text, { references: this.#known });
  }

  /** Of text that still grows: its definitions count for itself. `defines` says whether it has any. */
  parseOpen(text: string): { tokens: Token[]; defines: boolean } {
    const references = Object.create(this.#known) as NonNullable<Env['references']>;
    const tokens = parse(text, { references });
    return { tokens, defines: Object.keys(references).length > 0 };
  }

  /** A finished block was shown as `element`: numbers it where a definition may change it yet. */
  shown(element: Element, source: string): void {
    if (this.#size + source.length > MOST_WAITING) return;
    if (!labels(source).some((label) => !(label in this.#known))) return;
    this.#size += source.length;
    element.block = this.#waiting.push(source) - 1;
  }

  /** All is defined that will be: the blocks that look otherwise now. */
  resolved(): Element[] {
    return this.#waiting.flatMap((source, block) => {
      if (!labels(source).some((label) => label in this.#known)) return [];
      const [node] = render(this.parse(source));
      return typeof node === 'object' ? [{ ...node, block }] : [];
    });
  }
}

/** What may be the label of a reference in `source`, as CommonMark compares them. */
function labels(source: string): string[] {
  return [...source.matchAll(/\[((?:[^[\]\\]|\\.){1,999})\]/gs)]
    .map(([, label = '']) => labelOf(label))
    .filter(Boolean);
}
