// The conversations that the daemon keeps: found by their words, opened, renamed, exported, deleted. The list is VS
// Code's own, so that it is read, searched and walked like every other.
import * as vscode from 'vscode';

import type { Context } from '../context.ts';
import { toRequestError } from '../errors.ts';
import type { ChatHead } from '../protocol.ts';
import { ask } from '../tell.ts';

const PAGE = 100;
/** A search is asked for when nothing was typed for this long. */
const TYPING_MS = 120;

interface Row extends vscode.QuickPickItem {
  head: ChatHead;
}

/** What happens to views that show a conversation when the list changes it. */
export interface Shown {
  renamed: (conversation: string, title: string) => void;
  deleted: (conversation: string) => void;
}

/** The conversation that was picked, undefined where none was. */
export async function pickConversation(context: Context, shown: Shown): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Row>();
  const buttons = {
    rename: { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Rename') },
    save: { iconPath: new vscode.ThemeIcon('export'), tooltip: vscode.l10n.t('Export as Markdown') },
    remove: { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Delete') },
  };
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  const fill = async () => {
    const era = ++asked;
    const query = pick.value.trim();
    pick.busy = true;
    try {
      const { conversations } = await context.request('dragoman/chat/list', {
        limit: PAGE,
        ...(query === '' ? {} : { query }),
      });
      if (era !== asked) return;
      pick.items = conversations.map((head) => ({
        label: head.title,
        description: when(head.updated),
        detail: head.model,
        alwaysShow: true, // the daemon has searched the answers, too
        buttons: Object.values(buttons),
        head,
      }));
    } catch (reason) {
      if (era === asked) pick.placeholder = toRequestError(reason).message;
    } finally {
      if (era === asked) pick.busy = false;
    }
  };
  const act = async ({ head }: Row, button: vscode.QuickInputButton) => {
    if (button === buttons.rename) await rename(context, head, shown);
    else if (button === buttons.save) await exportConversation(context, head.id, head.title);
    else await remove(context, head, shown);
  };
  pick.title = vscode.l10n.t('Conversations');
  pick.placeholder = vscode.l10n.t('Words of a question, an answer or a title');
  /** A question of a button stands in place of the list. */
  let busy = false;
  return new Promise((resolve) => {
    const done = (conversation: string | undefined) => {
      clearTimeout(timer);
      ++asked;
      resolve(conversation);
      pick.dispose();
    };
    pick.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void fill(), TYPING_MS);
    });
    pick.onDidAccept(() => {
      done(pick.selectedItems[0]?.head.id);
    });
    pick.onDidHide(() => {
      if (!busy) done(undefined);
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      busy = true;
      act(item, button)
        .catch((reason: unknown) => void context.report(reason))
        .finally(() => {
          busy = false;
          pick.show();
          void fill();
        });
    });
    pick.show();
    void fill();
  });
}

/** Writes it where a person says. */
export async function exportConversation(
  context: Context,
  conversation: string,
  title: string,
): Promise<void> {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'chat';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    filters: { Markdown: ['md'], JSON: ['json'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.md`) } : {}),
  });
  if (!target) return;
  const format = target.path.endsWith('.json') ? 'json' : 'markdown';
  const { text } = await context.request('dragoman/chat/export', { conversation, format });
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}

async function rename(context: Context, { id, title }: ChatHead, shown: Shown): Promise<void> {
  const now = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename the conversation'),
    value: title,
  });
  if (!now?.trim() || now === title) return;
  await context.request('dragoman/chat/rename', { conversation: id, title: now.trim() });
  shown.renamed(id, now.trim());
}

async function remove(context: Context, { id, title }: ChatHead, shown: Shown): Promise<void> {
  const yes = vscode.l10n.t('Delete');
  const answer = await ask(vscode.l10n.t('Delete “{0}”? It cannot be brought back.', title), yes);
  if (answer !== yes) return;
  await context.request('dragoman/chat/delete', { conversation: id });
  shown.deleted(id);
}

function when(time: string): string {
  return new Date(time).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
