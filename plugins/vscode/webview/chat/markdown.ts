// Markdown into the tree of tree.ts. HTML in it is text, images are named and never loaded, links lead to http and
// https only and say where. Pure.
import { common, createLowlight } from 'lowlight';
import MarkdownIt, { type Env, type Token } from 'markdown-it';

import { keepMath } from './math.ts';
import { element, textOf, visible, type Element, type Node, type Tag } from './tree.ts';

/** Beyond this many characters code is shown without colours: they would take longer than a frame. */
const HIGHLIGHT_LIMIT = 20_000;

const lowlight = createLowlight(common);

const markdown = new MarkdownIt({ html: false, linkify: true });
markdown.validateLink = (url) => /^https?:\/\//i.test(url);
// A bare word with a dot is a file more often than an address.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.use(keepMath);

const TAGS = new Map<string, Tag>([
  ...(['blockquote', 'em', 'hr', 'li', 'ol', 'p', 'strong'] as const).map((tag) => [tag, tag] as const),
  ...(['table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'] as const).map((tag) => [tag, tag] as const),
  ['s', 'del'],
  // The answer itself stands under the headings of the view.
  ...([['h1', 'h3'] as const, ['h2', 'h4'] as const, ['h3', 'h5'] as const] as const),
  ...(['h4', 'h5', 'h6'] as const).map((tag) => [tag, 'h6'] as const),
]);

export function parse(text: string, env: Env = {}): Token[] {
  return markdown.parse(text, env);
}

/** A label of a reference, as it is compared. */
export function labelOf(text: string): string {
  return markdown.utils.normalizeReference(text);
}

/** The tokens as a tree. Code gets its colours only where `colours` says so: it is not worth it while it grows. */
export function render(tokens: readonly Token[], colours = true): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  const add = (...nodes: Node[]) => open.at(-1)?.push(...nodes);
  for (const token of tokens) {
    if (token.nesting === 1) {
      const made = begin(token);
      if (made) add(made);
      // A paragraph of a tight list has no element of its own.
      open.push(made?.children ?? open.at(-1) ?? root);
    } else if (token.nesting === -1) {
      open.pop();
      if (token.type === 'link_close') add(...target(open.at(-1)));
    } else if (token.type === 'inline') {
      add(...render(token.children ?? [], colours));
    } else {
      add(...leaf(token, colours));
    }
  }
  return root;
}

function begin(token: Token): Element | undefined {
  if (token.hidden) return undefined;
  if (token.type === 'link_open') return { tag: 'a', url: String(token.attrGet('href')), children: [] };
  const made = element(TAGS.get(token.tag) ?? 'span');
  const start = token.attrGet('start');
  if (start !== null) made.start = Number(start);
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style')))?.[1];
  if (align !== undefined) made.align = align as 'left' | 'center' | 'right';
  return made;
}

/** Where the link that just ended leads, unless it says so itself. */
function target(nodes: readonly Node[] | undefined): Node[] {
  const link = nodes?.at(-1);
  if (typeof link !== 'object' || link.url === undefined) return [];
  return textOf(link.children) === link.url
    ? []
    : [element('span', [' (', ...visible(link.url), ')'], 'target')];
}

function leaf(token: Token, colours: boolean): Node[] {
  switch (token.type) {
    case 'fence':
    case 'code_block':
      return [codeBlock(token.content, token.info.trim().split(/\s/, 1)[0] ?? '', colours)];
    case 'code_inline':
      return [element('code', visible(token.content))];
    case 'math':
      return [element('span', visible(token.content), 'math')];
    case 'softbreak':
      return ['\n'];
    case 'hardbreak':
      return [element('br')];
    case 'hr':
      return [element('hr')];
    case 'image':
      return [element('span', visible(`[${token.content || '…'}] (${token.attrGet('src') ?? ''})`), 'image')];
    default:
      return visible(token.content);
  }
}

export function codeBlock(text: string, language: string, colours: boolean): Element {
  return {
    tag: 'div',
    look: 'code',
    code: { text, language, continues: false },
    children: [element('pre', [element('code', colours ? coloured(text, language) : visible(text))])],
  };
}

function coloured(text: string, language: string): Node[] {
  if (text.length > HIGHLIGHT_LIMIT || !lowlight.registered(language)) return visible(text);
  return lowlight.highlight(language, text).children.flatMap(fromHast);
}

type Hast = ReturnType<typeof lowlight.highlight>['children'][number];

function fromHast(node: Hast): Node[] {
  if (node.type === 'text') return visible(node.value);
  if (node.type !== 'element') return [];
  const names = node.properties['className'];
  const look = Array.isArray(names) ? names.filter((name) => /^[\w-]+$/.test(name)).join(' ') : '';
  return [element('span', node.children.flatMap(fromHast), look)];
}
