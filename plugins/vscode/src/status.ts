// The status bar item and its menu: what the daemon is doing, in one glance and one click.
import * as vscode from 'vscode';

import * as config from './config.ts';
import type { Context } from './context.ts';
import { Code, toRequestError } from './errors.ts';
import { money } from './figures.ts';
import { currentDocument } from './ghost.ts';
import type { Money, Status } from './protocol.ts';

/** Today's cost is asked for when nothing has been going on for this long. */
const COST_AFTER_MS = 1_000;

export function activateStatus(context: Context): void {
  const item = vscode.window.createStatusBarItem('dragoman.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'dragoman';
  item.command = 'dragoman.menu';
  const cost = new CostToday(context, () => {
    draw();
  });
  const draw = () => {
    const { text, tooltip, warning } = describe(context);
    item.text = text;
    const lines = [tooltip, ...cost.lines()];
    item.tooltip = lines.join('\n');
    item.accessibilityInformation = { label: `dragoman: ${lines.join(', ')}` };
    item.backgroundColor = warning ? new vscode.ThemeColor(`statusBarItem.${warning}Background`) : undefined;
    item.show();
    context.setWhen('ready', context.status?.state === 'idle' && !!context.status.completion.model);
  };
  context.push(
    item,
    cost,
    context.onDidChange(() => {
      draw();
      cost.refresh();
    }),
    vscode.window.onDidChangeActiveTextEditor(draw),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (config.changesCompletion(event)) draw();
    }),
  );
  context.command('dragoman.menu', () => showMenu(context, cost));
  context.command('dragoman.restart', () => context.restart());
  context.command('dragoman.showLog', () => {
    context.log.show();
  });
  draw();
}

interface Look {
  text: string;
  tooltip: string;
  warning?: 'warning' | 'error';
}

function describe(context: Context): Look {
  const { status, life } = context;
  switch (life) {
    case 'stopped':
      return { text: '$(circle-slash) dragoman', tooltip: vscode.l10n.t('Off') };
    case 'starting':
      return { text: '$(loading~spin) dragoman', tooltip: vscode.l10n.t('Starting…') };
    case 'waiting':
      return {
        text: '$(warning) dragoman',
        tooltip: vscode.l10n.t('The daemon ended and is started again in a moment.'),
        warning: 'warning',
      };
    case 'failed':
      return {
        text: '$(error) dragoman',
        tooltip: vscode.l10n.t('The daemon does not run.'),
        warning: 'error',
      };
    case 'running':
      break;
  }
  if (status?.state === 'error') {
    return { text: '$(error) dragoman', tooltip: status.message, warning: 'error' };
  }
  if (status?.state === 'limited') {
    const until = status.limitedUntil === undefined ? '' : clock(status.limitedUntil);
    const tooltip =
      until === '' ? status.message : vscode.l10n.t('Limited until {0}: {1}', until, status.message);
    return { text: `$(watch) dragoman ${until}`.trimEnd(), tooltip, warning: 'warning' };
  }
  if (status?.state === 'busy') {
    return { text: '$(sync~spin) dragoman', tooltip: vscode.l10n.t('Writing…') };
  }
  const document = currentDocument();
  const on = document ? config.completionEnabled(document) : config.completionEnabledHere();
  if (!on || status?.completion.enabled === false)
    return { text: '$(circle-slash) dragoman', tooltip: vscode.l10n.t('Suggestions are off here') };
  const model = status?.completion.model;
  if (!model) {
    return { text: '$(sparkle) dragoman', tooltip: vscode.l10n.t('No model is chosen for suggestions') };
  }
  return { text: '$(sparkle) dragoman', tooltip: vscode.l10n.t('Ready: {0}', model) };
}

interface Entry extends vscode.QuickPickItem {
  /** A command, and the gateway it is about. */
  run?: string;
  about?: string | undefined;
}

async function showMenu(context: Context, cost: CostToday): Promise<void> {
  const document = currentDocument();
  const language = document && config.completionEnabled(document);
  const workspace = config.completionEnabledHere();
  const entries: Entry[] = [
    {
      label: describe(context).tooltip,
      detail: cost.lines().join(' '),
      run: cure(context.status),
      about: context.status?.error?.provider,
    },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    ...(document
      ? [
          {
            label: language
              ? vscode.l10n.t('$(circle-slash) No suggestions in {0} files', document.languageId)
              : vscode.l10n.t('$(sparkle) Suggestions in {0} files', document.languageId),
            run: 'dragoman.toggleCompletionForLanguage',
          },
        ]
      : []),
    {
      label: workspace
        ? vscode.l10n.t('$(circle-slash) No suggestions in this workspace')
        : vscode.l10n.t('$(sparkle) Suggestions in this workspace'),
      run: 'dragoman.toggleCompletionForWorkspace',
    },
    { label: vscode.l10n.t('$(question) Why is there no suggestion?'), run: 'dragoman.showTrail' },
    { label: vscode.l10n.t('$(cloud-upload) What left this machine?'), run: 'dragoman.showSent' },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: vscode.l10n.t('$(list-selection) Choose a model…'), run: 'dragoman.chooseModel' },
    { label: vscode.l10n.t('$(key) Set an API key…'), run: 'dragoman.setKey' },
    { label: vscode.l10n.t('$(plug) Set up a gateway…'), run: 'dragoman.setUp' },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: vscode.l10n.t('$(output) Show the log'), run: 'dragoman.showLog' },
    { label: vscode.l10n.t('$(debug-restart) Restart the daemon'), run: 'dragoman.restart' },
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: 'dragoman' });
  if (chosen?.run) await vscode.commands.executeCommand(chosen.run, ...(chosen.about ? [chosen.about] : []));
}

/** The command that helps with what the status tells. */
function cure(status: Status | undefined): string {
  const kind = status?.error?.kind;
  if (kind === 'noKey' || kind === 'unauthorized') return 'dragoman.setKey';
  return kind === 'notConfigured' || (status && !status.completion.model)
    ? 'dragoman.setUp'
    : 'dragoman.showLog';
}

/** What today has cost, over all windows, as the daemon's ledger has it; nothing where the daemon keeps none. */
class CostToday {
  readonly #context: Context;
  readonly #changed: () => void;
  #costs: Money[] = [];
  #timer: NodeJS.Timeout | undefined;
  #kept = true;

  constructor(context: Context, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  lines(): string[] {
    if (this.#costs.length === 0) return [];
    const sums = this.#costs.map(money);
    return [vscode.l10n.t('Today: {0}', sums.join(' + '))];
  }

  refresh(): void {
    clearTimeout(this.#timer);
    const idle = this.#context.life === 'running' && this.#context.status?.state === 'idle';
    if (this.#kept && idle) this.#timer = setTimeout(() => void this.#ask(), COST_AFTER_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    try {
      const { rows } = await this.#context.request('dragoman/usage', { since: today(), groupBy: 'model' });
      const sums = new Map<string, number>();
      for (const { cost, currency } of rows) {
        if (cost !== undefined && currency) sums.set(currency, (sums.get(currency) ?? 0) + cost);
      }
      this.#costs = [...sums].map(([currency, amount]) => ({ amount, currency }));
      this.#changed();
    } catch (reason) {
      if (toRequestError(reason).code === Code.methodNotFound) this.#kept = false;
    }
  }
}

/** The date here, as the daemon's day begins: at midnight. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function clock(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  return time.toLocaleTimeString(vscode.env.language, { hour: '2-digit', minute: '2-digit' });
}
