// Formulas stay as they were written: Markdown would take their backslashes, underscores and stars for its own. Inside
// `$…$`, `$$…$$`, `\(…\)` and `\[…\]` nothing is interpreted. Pure.
import type { MarkdownIt } from 'markdown-it';

const PAIRS = [
  ['$$', '$$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
] as const;

/** No formula is longer: an answer full of openings costs no more than this for each. */
const LONGEST = 2000;

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
  const end = Math.min(limit, start + LONGEST);
  const length = lengthOf(text.slice(start, end), text[end]);
  return length === undefined ? undefined : start + length;
}

/** Of the formula that `text` begins with; `next` is what stands behind it. */
function lengthOf(text: string, next: string | undefined): number | undefined {
  for (const [open, close] of PAIRS) {
    if (!text.startsWith(open)) continue;
    const at = text.indexOf(close, open.length);
    return at > open.length ? at + close.length : undefined;
  }
  if (text[0] !== '$' || /^\s?$/.test(text[1] ?? '')) return undefined;
  // As in Pandoc: in one line, and two prices are none.
  for (let at = 1; at < text.length && text[at] !== '\n'; ++at)
    if (text[at] === '$' && !/[\s\\]/.test(text[at - 1] ?? '') && !/\d/.test(text[at + 1] ?? next ?? ''))
      return at + 1;
  return undefined;
}
