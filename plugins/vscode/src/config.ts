// The settings. This file alone reads and writes them.
//
// Two kinds. What goes to the daemon (gateways and models) has machine scope, and only its user-level value is read:
// no workspace can have set it, which is what `--trust-editor-settings` vouches for. What a workspace, a folder or a
// language may set (whether suggestions appear) is decided here and never sent.
import * as vscode from 'vscode';

const SECTION = 'dragoman';

/** The settings that are sent, and where they stand in the daemon's configuration. */
const SENT = ['providers', 'completion.model', 'chat.model', 'edit.model'] as const;
type Sent = (typeof SENT)[number];

export interface Overlay {
  providers?: Record<string, unknown>;
  completion?: { model: string };
  chat?: { model: string };
  edit?: { model: string };
}

export interface Gateway {
  /** Its name before the slash of its models. */
  name: string;
  preset: string;
  baseUrl?: string;
  /** Its key is the one that this extension keeps. Without it, what says where the key is stays as it was. */
  key?: 'editor';
}

/** What the daemon gets as `initializationOptions` and in `workspace/didChangeConfiguration`. */
export function overlay(): Overlay {
  const out: Overlay = {};
  const providers = userProviders();
  if (Object.keys(providers).length > 0) out.providers = providers;
  for (const role of ['completion', 'chat', 'edit'] as const) {
    const model = userText(`${role}.model`);
    if (model !== '') out[role] = { model };
  }
  return out;
}

export function changesOverlay(event: vscode.ConfigurationChangeEvent): boolean {
  return SENT.some((name) => event.affectsConfiguration(`${SECTION}.${name}`));
}

/** Where the daemon is, as the user said; empty where they did not. */
export function daemonPath(): string {
  return userText('path');
}

export function changesDaemonPath(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${SECTION}.path`);
}

/** Whether suggestions may appear in `document`: by its language, its folder, the workspace and the user, in that order. */
export function completionEnabled(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration(SECTION, document).get<boolean>('completion.enabled', true);
}

export function changesCompletion(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${SECTION}.completion.enabled`);
}

/** The same for documents of a language that has no word of its own. */
export function completionEnabledHere(scope?: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(SECTION, scope).get<boolean>('completion.enabled', true);
}

/** By language, in the user's settings. No word is left there that says what holds anyway: it would outrank a workspace. */
export async function setCompletionForLanguage(
  document: vscode.TextDocument,
  enabled: boolean,
): Promise<void> {
  const word = enabled === completionEnabledHere(document.uri) ? undefined : enabled;
  await vscode.workspace
    .getConfiguration(SECTION, { uri: document.uri, languageId: document.languageId })
    .update('completion.enabled', word, vscode.ConfigurationTarget.Global, true);
}

export async function setCompletionForWorkspace(enabled: boolean): Promise<void> {
  await updateCompletion(enabled, vscode.ConfigurationTarget.Workspace);
}

export async function setCompletionForUser(enabled: boolean): Promise<void> {
  await updateCompletion(enabled, vscode.ConfigurationTarget.Global);
}

async function updateCompletion(enabled: boolean, target: vscode.ConfigurationTarget): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update('completion.enabled', enabled, target);
}

/** Adds a gateway to the user's settings, or changes it; what else they say about it stays. Its key never gets there. */
export async function addGateway({ name, ...gateway }: Gateway): Promise<void> {
  const providers = userProviders();
  await update('providers', { ...providers, [name]: { ...asObject(providers[name]), ...gateway } });
}

/** `name`, or that with a number where a gateway at another address has it already. */
export function freeName(name: string, baseUrl: string): string {
  const providers = userProviders();
  const taken = (candidate: string) =>
    candidate in providers && asObject(providers[candidate])['baseUrl'] !== baseUrl;
  let free = name;
  for (let i = 2; taken(free); ++i) free = `${name}-${i}`;
  return free;
}

export async function setModel(role: 'completion' | 'chat' | 'edit', model: string): Promise<void> {
  await update(`${role}.model`, model);
}

/** Whether the user's settings choose the model of a role. */
export function hasModel(role: 'completion' | 'chat' | 'edit'): boolean {
  return userText(`${role}.model`) !== '';
}

/** Whether a gateway of this name stands in the user's settings. */
export function hasGateway(name: string): boolean {
  return name in userProviders();
}

function userValue(name: Sent | 'path'): unknown {
  return vscode.workspace.getConfiguration(SECTION).inspect(name)?.globalValue;
}

/** A setting of the wrong type counts as not set: VS Code marks it in the settings already. */
function userText(name: Sent | 'path'): string {
  const value = userValue(name);
  return typeof value === 'string' ? value.trim() : '';
}

function userProviders(): Record<string, unknown> {
  return asObject(userValue('providers'));
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function update(name: Sent, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update(name, value, vscode.ConfigurationTarget.Global);
}
