// *Why is there no suggestion?*: the daemon's account of the last suggestions, as a document to read.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { currentDocument } from './ghost.ts';
import { page } from './page.ts';
import type { TrailEntry } from './protocol.ts';

const LIMIT = 20;

export function activateTrail(context: Context): void {
  // Beside the place that it is about.
  const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  const show = page(context, 'dragoman trail', beside);
  context.command('dragoman.showTrail', async () => {
    try {
      const uri = currentDocument()?.uri.toString();
      const { entries } = await context.request('dragoman/trail', {
        limit: LIMIT,
        ...(uri === undefined ? {} : { textDocument: { uri } }),
      });
      await show(
        entries.length > 0 ? entries.map(written).join('\n') : vscode.l10n.t('Nothing was asked for yet.'),
      );
    } catch (reason) {
      await context.report(reason);
    }
  });
}

function written({ time, uri, position, outcome, source, model, timings, steps }: TrailEntry): string {
  const place = `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}:${position.line + 1}:${position.character + 1}`;
  const at = new Date(time).toLocaleTimeString(vscode.env.language);
  const head = [at, place, outcome, source, model, `${timings.totalMs} ms`].filter(Boolean).join('  ');
  return `${head}\n${steps.map(({ step, detail }) => `    ${step}: ${detail}\n`).join('')}`;
}
