// *Why is there no suggestion?*: the daemon's account of the last suggestions, as a document to read.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { currentDocument } from './ghost.ts';
import type { TrailEntry } from './protocol.ts';

const LIMIT = 20;

/** Documents of this scheme are read only, and nobody is asked to save them. */
const SCHEME = 'dragoman-trail';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: '/dragoman trail' });

export function activateTrail(context: Context): void {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let content = '';
  context.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => content,
    }),
  );
  context.command('dragoman.showTrail', async () => {
    try {
      const uri = currentDocument()?.uri.toString();
      const { entries } = await context.request('dragoman/trail', {
        limit: LIMIT,
        ...(uri === undefined ? {} : { textDocument: { uri } }),
      });
      content =
        entries.length > 0 ? entries.map(written).join('\n') : vscode.l10n.t('Nothing was asked for yet.');
      changed.fire(PAGE);
      const beside = { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true };
      await vscode.window.showTextDocument(PAGE, beside);
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
