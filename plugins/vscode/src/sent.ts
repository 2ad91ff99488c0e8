// *Show what left this machine*: the daemon's list of the requests that went out, as a document to read.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { inWords } from './figures.ts';
import { page } from './page.ts';
import { sentText, type Words } from './sentText.ts';

const LIMIT = 1000;

export function activateSent(context: Context): void {
  const show = page(context, 'dragoman sent', { viewColumn: vscode.ViewColumn.Active });
  context.command('dragoman.showSent', async () => {
    try {
      const { entries } = await context.request('dragoman/sent', { limit: LIMIT });
      const all = entries.length < LIMIT;
      const end = all ? '' : `\n${vscode.l10n.t('The newest {0} requests.', inWords(LIMIT))}\n`;
      await show(entries.length > 0 ? sentText(entries, words) + end : vscode.l10n.t('Nothing was sent.'));
    } catch (reason) {
      await context.report(reason);
    }
  });
}

const words: Words = {
  time: (iso) =>
    new Date(iso).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'medium' }),
  sums: ({ bytes, bytesIn, files, masked }) =>
    vscode.l10n.t(
      '{0} bytes out, {1} in · files: {2} · masked: {3}',
      inWords(bytes),
      inWords(bytesIn),
      inWords(files),
      inWords(masked),
    ),
  size: ({ bytes, masked }) =>
    masked
      ? vscode.l10n.t('{0} bytes · masked: {1}', inWords(bytes), inWords(masked))
      : vscode.l10n.t('{0} bytes', inWords(bytes)),
};
