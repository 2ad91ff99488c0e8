// Tokens and money in words.
import * as vscode from 'vscode';

import type { Money, Usage } from './protocol.ts';

/** What an answer took, '' where nobody counted. */
export function figures({ usage, cost }: { usage?: Usage; cost?: Money }): string {
  const parts = [];
  if (usage !== undefined) {
    const [read, written] = [usage.inputTokens.toLocaleString(), usage.outputTokens.toLocaleString()];
    parts.push(vscode.l10n.t('{0} tokens read, {1} written', read, written));
  }
  if (cost !== undefined) parts.push(money(cost));
  return parts.join(' · ');
}

export function money({ amount, currency }: Money): string {
  // A gateway may count in points; Intl knows the codes of ISO 4217 only, and throws at others.
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${amount.toLocaleString(vscode.env.language)} ${currency}`;
  return new Intl.NumberFormat(vscode.env.language, {
    style: 'currency',
    currency,
    maximumFractionDigits: 4,
  }).format(amount);
}
