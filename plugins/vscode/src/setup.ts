// From nothing to the first suggestion: choosing a gateway, its key and a model. The answers go into the user's
// settings (gateway, models) and the secret storage (key). What presets there are is the daemon's data.
import * as vscode from 'vscode';

import * as config from './config.ts';
import type { Context } from './context.ts';
import type { Keys } from './keys.ts';
import { pickModel } from './models.ts';
import { presetsIn, type Preset } from './presets.ts';
import type { Models } from './protocol.ts';
import { inform, tellError, warn } from './tell.ts';

const ROLES = ['completion', 'chat', 'edit'] as const;

export function activateSetup(context: Context, keys: Keys): void {
  context.command('dragoman.setUp', () => setUp(context, keys));
  context.command('dragoman.chooseModel', () => chooseModel(context));
  context.command('dragoman.openWalkthrough', () =>
    vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${context.extension.extension.id}#dragoman.start`,
      false,
    ),
  );
}

async function setUp(context: Context, keys: Keys): Promise<void> {
  const preset = await pickPreset(context);
  if (preset === undefined) return;
  const gateway: config.Gateway = { name: preset.name, preset: preset.name };
  if (preset.needsAddress) {
    const address = await askAddress();
    if (address === undefined) return;
    gateway.baseUrl = address.trim();
    gateway.name = config.freeName(nameFor(gateway.baseUrl), gateway.baseUrl);
  }
  await config.addGateway(gateway);
  // Without a key here, the preset's own source counts: an environment variable, as a rule.
  if (!preset.local) await askKey(gateway, keys);
  while ((await chooseModel(context, gateway.name)) === 'refused') if (!(await askKey(gateway, keys))) return;
}

/** False where the person turned away. */
async function askKey(gateway: config.Gateway, keys: Keys): Promise<boolean> {
  if (!(await keys.ask(gateway.name))) return false;
  await config.addGateway({ ...gateway, key: 'editor' });
  return true;
}

async function pickPreset(context: Context): Promise<Preset | undefined> {
  const file = vscode.Uri.joinPath(context.extension.extensionUri, 'schema', 'presets.json');
  const presets = presetsIn(JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))));
  const items = presets.map((preset) => ({
    label: preset.name,
    description: preset.local ? vscode.l10n.t('a server on this machine') : '',
    preset,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Set up a gateway'),
    placeHolder: vscode.l10n.t('Where do the answers come from?'),
    ignoreFocusOut: true,
  });
  return picked?.preset;
}

function askAddress(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the gateway'),
    prompt: vscode.l10n.t('Up to and with /v1.'),
    placeHolder: 'https://gateway.example/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      URL.canParse(text.trim()) && /^https?:/.test(text.trim())
        ? undefined
        : vscode.l10n.t('An address begins with https://'),
  });
}

/** A name that can stand before a slash: the host's, without what every host has. */
function nameFor(address: string): string {
  return new URL(address).hostname.replace(/^(www|api|llm)\./, '').replace(/[^\w-]+/g, '-');
}

/**
 * Asks which model is used. For a gateway that was just set up, for everything; else for one role. Models come from the
 * gateway's own list; where it has none, the name is typed. 'refused', and told, where the gateway that was set up wants
 * another key.
 */
async function chooseModel(context: Context, provider?: string): Promise<'refused' | undefined> {
  try {
    const roles = provider === undefined ? await pickRole() : ROLES.slice(0, 2);
    if (roles === undefined) return undefined;
    const { models, selected, errors } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Asking for models…') },
      () => context.request('dragoman/models', provider === undefined ? {} : { provider, refresh: true }),
    );
    const known = provider === undefined ? models : models.filter((model) => model.provider === provider);
    for (const error of errors) context.log.warn(`models: ${error.provider ?? ''} ${wordsOf(error)}`);
    const refusal = errors.find(
      (error) => error.provider === provider && (error.kind === 'noKey' || error.kind === 'unauthorized'),
    );
    if (known.length === 0 && provider !== undefined && refusal !== undefined) {
      void tellError(wordsOf(refusal));
      return 'refused';
    }
    const model =
      known.length > 0 ? await pickModel(known, selected[roles[0] ?? 'chat']) : await typeModel(provider);
    if (!model) return undefined;
    for (const role of roles) await select(context, role, model);
    if (provider !== undefined) {
      inform(vscode.l10n.t('Suggestions and chat now come from {0}.', model));
    }
  } catch (reason) {
    await context.report(reason);
  }
  return undefined;
}

function wordsOf({ message, kind }: Models['errors'][number]): string {
  return message ?? kind;
}

/**
 * In VS Code's settings where they choose already, or the gateway is one of theirs and no other editor knows it; else in
 * the user's configuration file, which counts for all.
 */
async function select(context: Context, role: (typeof ROLES)[number], model: string): Promise<void> {
  if (config.hasModel(role) || config.hasGateway(model.split('/', 1)[0] ?? '')) {
    await config.setModel(role, model);
    return;
  }
  const { outrankedBy } = await context.request('dragoman/selectModel', { role, model, scope: 'user' });
  if (outrankedBy === undefined) return;
  warn(vscode.l10n.t('{0} still chooses another model.', outrankedBy));
}

async function pickRole(): Promise<(typeof ROLES)[number][] | undefined> {
  const titles = {
    completion: vscode.l10n.t('Suggestions'),
    chat: vscode.l10n.t('Chat'),
    edit: vscode.l10n.t('Edits'),
  };
  const picked = await vscode.window.showQuickPick(
    ROLES.map((role) => ({ label: titles[role], role })),
    { placeHolder: vscode.l10n.t('A model for what?') },
  );
  return picked && [picked.role];
}

async function typeModel(provider: string | undefined): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the model'),
    prompt: vscode.l10n.t('The gateway lists no models. Which one is to be used?'),
    ignoreFocusOut: true,
  });
  const name = typed?.trim();
  if (!name) return undefined;
  return provider === undefined || name.startsWith(`${provider}/`) ? name : `${provider}/${name}`;
}
