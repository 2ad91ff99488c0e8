// The list of models to pick one from.
import * as vscode from 'vscode';

import { inWords } from './figures.ts';
import type { Model } from './protocol.ts';

interface Row {
  id: string;
  label: string;
  detail?: string;
}

/** The id of the model that was picked, undefined where none was; `more` stands above the models. */
export async function pickModel(
  models: readonly Model[],
  selected: string | undefined,
  more: readonly Row[] = [],
): Promise<string | undefined> {
  const rows: Row[] = [
    ...more,
    ...models.map(({ id, contextLength }) => ({
      ...{ id, label: id },
      ...(contextLength === undefined
        ? {}
        : {
            detail: vscode.l10n.t('{0} tokens of context', inWords(contextLength)),
          }),
    })),
  ];
  const picked = await vscode.window.showQuickPick(
    rows.map((row) => ({ ...row, description: row.id === selected ? vscode.l10n.t('in use') : '' })),
    { placeHolder: vscode.l10n.t('Which model?'), ignoreFocusOut: true },
  );
  return picked?.id;
}
