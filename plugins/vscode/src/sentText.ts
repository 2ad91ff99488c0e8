// What left the machine, as lines: one for a request, and under it one for each thing that its text was made of. Pure.
import type { SentEntry, SentPiece } from './protocol.ts';

/** What depends on language and place. */
export interface Words {
  time: (iso: string) => string;
  sums: (entry: SentEntry) => string;
  size: (piece: SentPiece) => string;
}

/** In the order of `entries`. What stands before the sums stands in columns. */
export function sentText(entries: readonly SentEntry[], words: Words): string {
  const heads = aligned(entries.map((entry) => [...head(entry, words), words.sums(entry)]));
  return entries
    .map(({ pieces }, index) => {
      const parts = pieces.map((piece) => ['  ', piece.kind, piece.path ?? '', words.size(piece)]);
      return [heads[index] ?? '', ...aligned(parts)].map((line) => `${oneLine(line)}\n`).join('');
    })
    .join('');
}

function head({ time, role, origin, model, outcome, httpStatus }: SentEntry, words: Words): string[] {
  return [
    words.time(time),
    role || '-',
    origin,
    model ?? '-',
    [outcome, httpStatus].filter(Boolean).join(' '),
  ];
}

/** Cells under each other; the last is as long as it is. A column without anything takes no room. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
      .filter((_, column) => widths[column] !== 0)
      .join('  '),
  );
}

/** The name of a file may hold anything. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
