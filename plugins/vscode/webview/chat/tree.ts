// What an answer looks like, as plain data: elements of a closed list and texts. Nothing else can come out of Markdown,
// because there is nothing else here. Pure.

export type Tag =
  | 'a'
  | 'blockquote'
  | 'br'
  | 'code'
  | 'del'
  | 'div'
  | 'em'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'hr'
  | 'li'
  | 'ol'
  | 'p'
  | 'pre'
  | 'span'
  | 'strong'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'tr'
  | 'ul';

export interface Element {
  tag: Tag;
  /** Of the stylesheet. */
  look?: string;
  /** Where a link leads: http or https. */
  url?: string;
  /** The first number of a list. */
  start?: number;
  align?: 'left' | 'center' | 'right';
  /** The element is a block of code: its text and its language. */
  code?: { text: string; language: string; continues: boolean };
  /** The number of a block that may be shown otherwise later (references.ts). */
  block?: number;
  children: Node[];
}

export type Node = string | Element;

export function element(tag: Tag, children: Node[] = [], look?: string): Element {
  return look === undefined ? { tag, children } : { tag, children, look };
}

/** Characters that change the direction of what stands behind them, and with it what a reader believes to read. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with its direction controls made visible. */
export function visible(text: string): Node[] {
  const out: Node[] = [];
  let at = 0;
  for (const { 0: control, index } of text.matchAll(BIDI)) {
    if (index > at) out.push(text.slice(at, index));
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    out.push(element('span', [`U+${code}`], 'control'));
    at = index + 1;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

/** Only the text. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : textOf(node.children))).join('');
}
