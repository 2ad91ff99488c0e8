// What differs between two texts, by lines: how code from an answer becomes hunks over a document. Pure.
import type { Hunk } from './hunks.ts';

/** Beyond this many differing lines one hunk takes all: the search is quadratic in them. */
const MOST_EDITS = 1_500;

/** Hunks that turn `before` into `after`, in order. Lines that stay are in none of them. */
export function diffLines(before: string, after: string): Hunk[] {
  const old = lines(before);
  const now = lines(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) ++head;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    ++tail;
  const a = old.slice(head, old.length - tail);
  const b = now.slice(head, now.length - tail);
  let offset = old.slice(0, head).join('').length;
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  for (const [toA, toB] of [...common(a, b), [a.length, b.length] as const]) {
    const removed = a.slice(i, toA).join('');
    const text = b.slice(j, toB).join('');
    if (removed !== text) hunks.push({ start: offset, end: offset + removed.length, text });
    offset += removed.length + (a[toA]?.length ?? 0);
    [i, j] = [toA + 1, toB + 1];
  }
  return hunks;
}

/** With their ends. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The pairs of lines that stay, in order: Myers, "An O(ND) Difference Algorithm", greedy and forwards. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(a.length + b.length, MOST_EDITS); ++edits) {
    trace.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      let x = step(reach, k, edits);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) ++x;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walk(trace, a.length, b.length);
    }
    reach = new Map(reach);
  }
  return [];
}

/** Where diagonal `k` begins with one edit more than `reach` has. */
function step(reach: ReadonlyMap<number, number>, k: number, edits: number): number {
  const below = reach.get(k + 1) ?? -1;
  const left = reach.get(k - 1) ?? -1;
  return k === -edits || (k !== edits && left < below) ? below : left + 1;
}

function walk(trace: readonly ReadonlyMap<number, number>[], n: number, m: number): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [n, m];
  for (let edits = trace.length - 1; edits >= 0; --edits) {
    const reach = trace[edits] ?? new Map<number, number>();
    const k = x - y;
    const from = step(reach, k, edits);
    while (x > from && y > from - k) pairs.push([--x, --y]);
    if (edits === 0) break;
    const down = from === (reach.get(k + 1) ?? -1) && !(k !== -edits && (reach.get(k - 1) ?? -1) >= from);
    [x, y] = down ? [from, from - k - 1] : [from - 1, from - k];
  }
  return pairs.reverse();
}
