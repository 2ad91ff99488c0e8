// The tree of tree.ts on the page. Every element is made by name and every text is set as text: there is no way from an
// answer to markup.
import type { Strings } from '../../src/chat/messages.ts';
import type { Element as Part, Node as Tree } from './tree.ts';

const code = new WeakMap<Element, string>();

/** The text of a block of code, with the blocks that it was cut into. */
export function codeOf(block: Element): string {
  let text = code.get(block) ?? '';
  for (
    let next = block.nextElementSibling;
    next?.classList.contains('continues');
    next = next.nextElementSibling
  )
    text += code.get(next) ?? '';
  return text;
}

export function build(nodes: readonly Tree[], strings: Strings): DocumentFragment {
  const out = document.createDocumentFragment();
  for (const node of nodes) out.append(typeof node === 'string' ? node : made(node, strings));
  return out;
}

function made(part: Part, strings: Strings): HTMLElement {
  const out = document.createElement(part.tag);
  if (part.look !== undefined && part.look !== '') out.className = part.look;
  if (part.align !== undefined) out.style.textAlign = part.align;
  if (part.start !== undefined && out instanceof HTMLOListElement) out.start = part.start;
  if (part.url !== undefined) asLink(out, part.url);
  if (part.code) {
    code.set(out, part.code.text);
    out.classList.toggle('continues', part.code.continues);
    if (!part.code.continues) out.append(bar(part.code.language, strings));
  }
  out.append(build(part.children, strings));
  const lines = part.code && out.querySelector('pre');
  if (lines) scrollable(lines, part.code?.language || strings.code);
  return out;
}

/** Code that is wider than the view is scrolled by keys. */
function scrollable(code: HTMLElement, name: string): void {
  code.tabIndex = 0;
  code.setAttribute('role', 'group');
  code.setAttribute('aria-label', name);
}

/** Not an address that the page could follow: a click is told to the extension. */
function asLink(out: HTMLElement, url: string): void {
  out.dataset['url'] = url;
  out.title = url;
  out.tabIndex = 0;
  out.setAttribute('role', 'link');
}

function bar(language: string, strings: Strings): HTMLElement {
  const out = document.createElement('div');
  out.className = 'bar';
  const name = document.createElement('span');
  name.textContent = language;
  out.append(
    name,
    button(strings.copy, 'copy'),
    button(strings.insert, 'insert', strings.insertHint),
    button(strings.apply, 'apply', strings.applyHint),
  );
  return out;
}

/** `act` says what a click is for. */
export function button(label: string, act: string, hint?: string): HTMLButtonElement {
  const out = document.createElement('button');
  out.type = 'button';
  out.textContent = label;
  out.dataset['act'] = act;
  if (hint !== undefined) out.title = hint;
  return out;
}
