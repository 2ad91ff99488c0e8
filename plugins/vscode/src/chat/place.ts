// Where the code of an answer belongs in a file, when nobody has selected a place. Models write the function they changed,
// not the file it stands in: taken as the file, it would propose to delete all the rest. Pure.

/** `text` in place of what stands from `start` to `end`, offsets into the document. */
export interface Place {
  start: number;
  end: number;
  text: string;
}

/**
 * One block whose first line stands in the document just once takes the place of that block, at its depth. Code that has
 * nothing in common with the document goes before the line of the cursor. Anything else is the file anew: the diff shows
 * what that changes. Lines end in \n on both sides.
 */
export function placeOf(document: string, code: string, cursor: number): Place {
  const lines = document.split('\n');
  const body = code
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()
    .split('\n');
  const from = onlyLine(lines, body[0] ?? '');
  if (from !== undefined && blockEnd(body, 0) === body.length) {
    const to = blockEnd(lines, from);
    const depth = indentOf(lines[from] ?? '').slice(indentOf(body[0] ?? '').length);
    const text = body.map((line) => (line.trim() === '' ? '' : depth + line)).join('\n');
    return { start: offsetOf(lines, from), end: offsetOf(lines, to) - 1, text };
  }
  if (isStrange(lines, body) && document.trim() !== '') {
    const at = document.lastIndexOf('\n', cursor - 1) + 1;
    return { start: at, end: at, text: `${body.join('\n')}\n` };
  }
  return { start: 0, end: document.length, text: `${body.join('\n')}\n` };
}

/** Where in `lines` what `line` says stands, if that is in one place. */
function onlyLine(lines: readonly string[], line: string): number | undefined {
  const says = line.trim();
  const at = lines.findIndex((one) => one.trim() === says);
  if (says === '' || at === -1) return undefined;
  return lines.findLastIndex((one) => one.trim() === says) === at ? at : undefined;
}

/** Behind the block that begins at `from`: deeper lines, and one that closes it. */
function blockEnd(lines: readonly string[], from: number): number {
  const depth = indentOf(lines[from] ?? '').length;
  let end = from + 1;
  for (let at = end; at < lines.length; ++at) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const deeper = indentOf(line).length > depth;
    const closes = indentOf(line).length === depth && /^(?:[)\]}]|end\b)/.test(line.trim());
    if (!deeper && !closes) break;
    end = at + 1;
    // `} else {` closes and goes on.
    if (closes && !/[{([:]$/.test(line.trimEnd())) break;
  }
  return end;
}

/** Whether no line that says something stands on both sides. */
function isStrange(lines: readonly string[], body: readonly string[]): boolean {
  const known = new Set(lines.map((line) => line.trim()));
  return !body.some((line) => /\w{2}/.test(line) && known.has(line.trim()));
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function offsetOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
}
