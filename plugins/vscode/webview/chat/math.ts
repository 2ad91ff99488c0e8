// Formulas stay as they were written: Markdown would take their backslashes, underscores and stars for its own. Inside
// `$…$`, `$$…$$`, `\(…\)` and `\[…\]` nothing is interpreted. Pure.
import type { MarkdownIt } from 'markdown-it';

const PAIRS = [
  ['$$', '$$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
] as const;

export function keepMath(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('escape', 'math', (state, silent) => {
    const end = formulaEnd(state.src, state.pos, state.posMax);
    if (end === undefined) return false;
    if (!silent) state.push('math', '', 0).content = state.src.slice(state.pos, end);
    state.pos = end;
    return true;
  });
}

/** Where the formula that begins at `start` ends; undefined where none does. */
export function formulaEnd(text: string, start: number, limit: number): number | undefined {
  for (const [open, close] of PAIRS) {
    if (!text.startsWith(open, start)) continue;
    const at = text.indexOf(close, start + open.length);
    return at > start + open.length && at + close.length <= limit ? at + close.length : undefined;
  }
  if (text[start] !== '$' || /^\s?$/.test(text[start + 1] ?? '')) return undefined;
  // As in Pandoc: two prices are no formula.
  for (let at = text.indexOf('$', start + 1); at !== -1 && at < limit; at = text.indexOf('$', at + 1)) {
    if (text.slice(start, at).includes('\n')) return undefined;
    if (!/\s|\\/.test(text[at - 1] ?? '') && !/\d/.test(text[at + 1] ?? '')) return at + 1;
  }
  return undefined;
}
