// The daemon's models in VS Code's own model picker and for other extensions: `lm.registerLanguageModelChatProvider`,
// where this VS Code has it. A conversation of VS Code's chat is handed over whole each time, so the daemon keeps none.
import * as vscode from 'vscode';

import type { Context } from './context.ts';
import { toRequestError } from './errors.ts';
import type { ContextItem } from './protocol.ts';

const VENDOR = 'dragoman';

/** Where the daemon knows no size of its own. */
const CONTEXT_LENGTH = 32_768;
const MAX_OUTPUT = 4_096;

/** The part of the API that is newer than the oldest VS Code this extension runs in. */
interface Information {
  id: string;
  name: string;
  family: string;
  version: string;
  detail?: string;
  maxInputTokens: number;
  maxOutputTokens: number;
  capabilities: { toolCalling?: boolean; imageInput?: boolean };
}
interface Message {
  role: vscode.LanguageModelChatMessageRole;
  content: readonly unknown[];
}
interface Provider {
  onDidChangeLanguageModelChatInformation: vscode.Event<void>;
  provideLanguageModelChatInformation(
    options: unknown,
    token: vscode.CancellationToken,
  ): Promise<Information[]>;
  provideLanguageModelChatResponse(
    model: Information,
    messages: readonly Message[],
    options: unknown,
    progress: vscode.Progress<unknown>,
    token: vscode.CancellationToken,
  ): Promise<void>;
  provideTokenCount(model: Information, text: string | Message): Promise<number>;
}
interface NewerLm {
  registerLanguageModelChatProvider?: (vendor: string, provider: Provider) => vscode.Disposable;
}
type TextPartClass = new (value: string) => { value: string };

export function activateLanguageModels(context: Context): void {
  const register = (vscode.lm as NewerLm).registerLanguageModelChatProvider;
  const TextPart = (vscode as unknown as { LanguageModelTextPart?: TextPartClass }).LanguageModelTextPart;
  if (register === undefined || TextPart === undefined) return;
  const changed = new vscode.EventEmitter<void>();
  let known = '';
  context.push(
    changed,
    context.onDidChange(() => {
      // Models come and go with the configuration, and that shows in the status.
      const now = `${context.life} ${context.status?.chat.model ?? ''}`;
      if (now === known) return;
      known = now;
      changed.fire();
    }),
    register(VENDOR, {
      onDidChangeLanguageModelChatInformation: changed.event,
      provideLanguageModelChatInformation: (_, token) => list(context, token),
      provideLanguageModelChatResponse: (model, messages, _, progress, token) =>
        answer(
          context,
          model.id,
          messages,
          (text) => {
            progress.report(new TextPart(text));
          },
          token,
        ),
      // The daemon counts no tokens for others; four characters a token is the usual estimate.
      provideTokenCount: (_, text) =>
        Promise.resolve(Math.ceil((typeof text === 'string' ? text : textOf(text)).length / 4)),
    }),
  );
}

async function list(context: Context, token: vscode.CancellationToken): Promise<Information[]> {
  try {
    const { models } = await context.request('dragoman/models', {}, { token });
    return models.map(({ id, provider, name, contextLength, maxOutput }) => ({
      id,
      name,
      family: name,
      version: '1',
      detail: provider,
      maxInputTokens: contextLength ?? CONTEXT_LENGTH,
      maxOutputTokens: maxOutput ?? MAX_OUTPUT,
      capabilities: {},
    }));
  } catch (reason) {
    context.log.info(`no models for the chat of VS Code: ${toRequestError(reason).message}`);
    return [];
  }
}

async function answer(
  context: Context,
  model: string,
  messages: readonly Message[],
  say: (text: string) => void,
  token: vscode.CancellationToken,
): Promise<void> {
  const last = messages.at(-1);
  const earlier: ContextItem[] = messages.slice(0, -1).map((message) => ({
    kind: 'text',
    text: textOf(message),
    label: message.role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user',
  }));
  let conversation: string | undefined;
  try {
    await context.request(
      'dragoman/chat/send',
      { prompt: last ? textOf(last) : '', context: earlier, model },
      {
        token,
        onEvent: (event) => {
          if (event.kind === 'begin') conversation = event.conversation;
          if (event.kind === 'text') say(event.text);
        },
      },
    );
  } catch (reason) {
    const error = toRequestError(reason);
    if (error.cancelled) return;
    throw new Error(`${error.message} ${error.hint}`.trim(), { cause: reason });
  } finally {
    // VS Code keeps its own history; it would stand in the daemon's list a second time.
    if (conversation !== undefined)
      await context.request('dragoman/chat/delete', { conversation }).catch(() => undefined);
  }
}

function textOf({ content }: Message): string {
  return content
    .map((part) => (part as { value?: unknown }).value)
    .filter((value) => typeof value === 'string')
    .join('');
}
