// Tokens and money in words.
import * as vscode from 'vscode';

import type { Money, Usage } from './protocol.ts';

/** What an answer took, '' where nobody counted. */
export function figures({ usage, cost }: { usage?: Usage; cost?: Money }): string {
  const parts = [];
  if (usage !== undefined) {
    const [read, written] = [inWords(usage.inputTokens), inWords(usage.outputTokens)];
    parts.push(vscode.l10n.t('{0} tokens read, {1} written', read, written));
  }
  if (cost !== undefined) parts.push(money(cost));
  return parts.join(' · ');
}

/** A number as people write it here. */
export function inWords(number: number): string {
  return number.toLocaleString(vscode.env.language);
}

export function money({ amount, currency }: Money): string {
  // A gateway may count in points; Intl knows the codes of ISO 4217 only, and throws at others.
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${inWords(amount)} ${currency}`;
  return new Intl.NumberFormat(vscode.env.language, {
    style: 'currency',
    currency,
    maximumFractionDigits: 4,
  }).format(amount);
}
