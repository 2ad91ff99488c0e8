// An edit that waits to be accepted: pieces of new text over pieces of a document that goes on living. Pure: texts and
// offsets (UTF-16 units) in, texts and offsets out.

/** `text` in place of [start, end) of the document. */
export interface Hunk {
  start: number;
  end: number;
  text: string;
}

/** A change that someone else made to the document: `text` in place of `length` units at `offset`. */
export interface Change {
  offset: number;
  length: number;
  text: string;
}

/** The document with all hunks in place. `hunks` are in order and do not overlap. */
export function preview(document: string, hunks: readonly Hunk[]): string {
  let out = '';
  let at = 0;
  for (const hunk of hunks) {
    out += document.slice(at, hunk.start) + hunk.text;
    at = hunk.end;
  }
  return out + document.slice(at);
}

/**
 * The hunks after `change`. One that it touches is gone: what it would have replaced is no longer there. Text put in
 * right before or behind a hunk only moves it.
 */
export function shift<H extends Hunk>(hunks: readonly H[], change: Change): H[] {
  const end = change.offset + change.length;
  const by = change.text.length - change.length;
  return hunks.flatMap((hunk) => {
    if (end <= hunk.start) return [{ ...hunk, start: hunk.start + by, end: hunk.end + by }];
    if (change.offset >= hunk.end) return [hunk];
    return [];
  });
}

/** The index of the hunk at `offset` of the document, else of the next one, else of the last; -1 where there is none. */
export function hunkAt(hunks: readonly Hunk[], offset: number): number {
  const found = hunks.findIndex((hunk) => offset <= hunk.end);
  return found === -1 ? hunks.length - 1 : found;
}

/** Where the hunks stand in the preview, in order. */
export function inPreview(hunks: readonly Hunk[]): { start: number; end: number }[] {
  let by = 0;
  return hunks.map(({ start, end, text }) => {
    const place = { start: start + by, end: start + by + text.length };
    by += text.length - (end - start);
    return place;
  });
}

/** The place in the document that stands behind `offset` of the preview. */
export function inDocument(hunks: readonly Hunk[], offset: number): number {
  let by = 0;
  for (const [i, place] of inPreview(hunks).entries()) {
    const hunk = hunks[i];
    if (!hunk || offset < place.start) break;
    if (offset <= place.end) return hunk.start;
    by = place.end - hunk.end;
  }
  return offset - by;
}

/** What is shown while text streams in: it takes the place of as many lines of `selected` as it has itself. */
export function soFar(selected: string, streamed: string): string {
  const done = streamed.split('\n').length - 1;
  const rest = selected.split('\n').slice(done);
  return streamed.endsWith('\n') || streamed === ''
    ? streamed + rest.join('\n')
    : [streamed, ...rest.slice(1)].join('\n');
}
