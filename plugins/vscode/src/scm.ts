// *Generate commit message* in the Source Control view: the daemon writes it from what is staged, and it goes into the
// view's input box, where it can be changed. What stood there is kept until the message is whole.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { inform } from './tell.ts';
import { unsent } from './unsent.ts';

/** The part of the built-in Git extension's API that is used here. `getAPI` throws where Git is switched off. */
interface GitExtension {
  enabled: boolean;
  getAPI(version: 1): GitApi;
}
interface GitApi {
  repositories: GitRepository[];
}
interface GitRepository {
  rootUri: vscode.Uri;
  inputBox: { value: string };
}

export function activateScm(context: Context): void {
  context.command('dragoman.commitMessage', (source?: vscode.SourceControl) => write(context, source));
}

async function write(context: Context, source: vscode.SourceControl | undefined): Promise<void> {
  try {
    const repositories = await openRepositories();
    if (repositories.length === 0) {
      inform(vscode.l10n.t('There is no Git repository open.'));
      return;
    }
    const repository = await choose(repositories, source);
    if (repository === undefined) return;
    const folder = repository.rootUri.toString();
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.SourceControl,
        title: vscode.l10n.t('Writing a commit message…'),
        cancellable: true,
      },
      (_, token) => context.request('dragoman/commitMessage', { folder }, { token }),
    );
    repository.inputBox.value = result.message;
    const hidden = unsent(result);
    if (hidden !== '') inform(hidden);
  } catch (reason) {
    await context.report(reason);
  }
}

async function openRepositories(): Promise<GitRepository[]> {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (git === undefined) return [];
  const exports = git.isActive ? git.exports : await git.activate();
  return exports.enabled ? exports.getAPI(1).repositories : [];
}

/** The one whose button was pressed, else the only one, else the one that is picked. */
async function choose(
  repositories: GitRepository[],
  source: vscode.SourceControl | undefined,
): Promise<GitRepository | undefined> {
  const root = source?.rootUri?.toString();
  if (root !== undefined) return repositories.find(({ rootUri }) => rootUri.toString() === root);
  if (repositories.length === 1) return repositories[0];
  const picked = await vscode.window.showQuickPick(
    repositories.map((repository) => ({
      label: vscode.workspace.asRelativePath(repository.rootUri),
      repository,
    })),
    { placeHolder: vscode.l10n.t('A commit message for which repository?') },
  );
  return picked?.repository;
}
