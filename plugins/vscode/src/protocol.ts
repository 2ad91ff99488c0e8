// The daemon's own methods as types; docs/protocol.md is their source, and no type here says more than it does.
// What LSP itself defines comes from vscode-languageclient.
import type { Range, WorkspaceEdit } from 'vscode-languageclient';

export interface Money {
  amount: number;
  currency: string;
}

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens?: number;
  reasoningTokens?: number;
}

/** `data` of an error -32803. */
export interface Failure {
  kind: string;
  provider?: string;
  model?: string;
  httpStatus?: number;
  retryAfterMs?: number;
  partialText?: string;
  hint?: string;
}

export interface Status {
  state: 'idle' | 'busy' | 'limited' | 'error';
  message: string;
  completion: { enabled: boolean; model?: string };
  chat: { model?: string };
  inFlight: number;
  limitedUntil?: string;
  error?: Failure;
}

/** What did not go out with a question; what is not there is nothing. */
export interface Unsent {
  /** What did not fit the model: how many of the oldest turns, and the titles of attachments, whole or in part. */
  leftOut?: { turns: number; items?: string[] };
  /** How many likely secrets were masked. */
  masked?: number;
  /** Changed files that `privacy.exclude` left out of a commit message. */
  keptHere?: string[];
}

/** What `$/progress` carries for chat and edits, in this order of beginnings. */
export type StreamEvent =
  | ({ kind: 'begin'; conversation?: string; turn?: string; model: string } & Unsent)
  | { kind: 'reasoning'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'retry'; attempt: number; delayMs: number; reason: string }
  | { kind: 'fallback'; model: string; reason: string }
  | { kind: 'toolCall'; id: string; name: string; arguments: string; state: string };

export type ContextItem =
  | { kind: 'file'; uri: string }
  | { kind: 'range'; uri: string; range: Range }
  | { kind: 'text'; text: string; label?: string }
  | { kind: 'diagnostics'; uri: string; diagnostics: unknown[] }
  | { kind: 'gitDiff'; staged?: boolean }
  | { kind: 'image'; mimeType: string; data: string };

export interface Options {
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  stop?: string[];
  seed?: number;
  reasoningEffort?: string;
  systemPrompt?: string;
  extraBody?: object;
}

export interface ChatSend {
  conversation?: string;
  textDocument?: { uri: string };
  prompt: string;
  context?: ContextItem[];
  model?: string;
  options?: Options;
  replaceTurn?: string;
  continue?: boolean;
}

export interface ChatResult extends Unsent {
  conversation: string;
  turn: string;
  text: string;
  reasoning?: string;
  model: string;
  finishReason: 'stop' | 'length' | 'toolCalls' | 'contentFilter';
  usage?: Usage;
  cost?: Money;
}

/** A turn as it is kept. `status` stands where it did not come to its end. */
export interface ChatTurn {
  id: string;
  prompt: string;
  context: ContextItem[];
  text: string;
  reasoning?: string;
  model: string;
  created: string;
  finishReason?: ChatResult['finishReason'];
  status?: 'running' | 'cancelled' | 'failed';
  usage?: Usage;
  cost?: Money;
  error?: Failure & { message: string };
}

export interface ChatHead {
  id: string;
  title: string;
  created: string;
  updated: string;
  turns: number;
  model: string;
}

export interface Edit {
  textDocument: { uri: string };
  range: Range;
  instruction: string;
  model?: string;
  options?: Options;
}

export interface EditResult extends Unsent {
  edit: WorkspaceEdit;
  text: string;
  model: string;
  usage?: Usage;
  cost?: Money;
  /** Changes left out because they would have overwritten a secret. */
  withheld?: number;
}

export interface Model {
  id: string;
  provider: string;
  name: string;
  contextLength?: number;
  maxOutput?: number;
  source: string;
}

export type Role = 'completion' | 'chat' | 'edit' | 'embedding';

export interface Models {
  models: Model[];
  selected: Partial<Record<Role, string>>;
  errors: (Failure & { message?: string })[];
}

export interface UsageRow {
  key: string;
  requests: number;
  cost?: number;
  currency?: string;
}

export interface TrailEntry {
  time: string;
  uri: string;
  position: { line: number; character: number };
  outcome: string;
  source: string | null;
  model?: string;
  timings: { debounceMs: number; firstByteMs: number; totalMs: number };
  steps: { step: string; detail: string }[];
}

/** A request that was handed to the network. */
export interface SentEntry {
  time: string;
  origin: string;
  /** '' where nothing was asked for. */
  role: string;
  model?: string;
  outcome: string;
  httpStatus?: number;
  bytes: number;
  bytesIn: number;
  masked: number;
  files: number;
  pieces: SentPiece[];
}

/** One of the things that the text of a request was made of. */
export interface SentPiece {
  kind: string;
  path?: string;
  bytes: number;
  masked?: number;
}

/** Method by method: what goes out, what comes back. */
export interface Methods {
  'dragoman/chat/send': { params: ChatSend; result: ChatResult };
  'dragoman/chat/list': {
    params: { limit?: number; offset?: number; query?: string };
    result: { conversations: ChatHead[] };
  };
  'dragoman/chat/get': {
    params: { conversation: string };
    result: { id: string; title: string; turns: ChatTurn[] };
  };
  'dragoman/chat/rename': { params: { conversation: string; title: string }; result: unknown };
  'dragoman/chat/fork': { params: { conversation: string; turn: string }; result: { conversation: string } };
  'dragoman/chat/export': {
    params: { conversation: string; format: 'markdown' | 'json' };
    result: { text: string };
  };
  'dragoman/chat/delete': { params: { conversation: string }; result: unknown };
  'dragoman/edit': { params: Edit; result: EditResult };
  'dragoman/commitMessage': {
    params: { folder: string };
    result: { message: string; model: string; usage?: Usage } & Unsent;
  };
  'dragoman/models': { params: { provider?: string; refresh?: boolean }; result: Models };
  'dragoman/selectModel': {
    params: { role: Role; model: string | null; scope: 'session' | 'user' | 'project' };
    result: { selected?: string | null; file?: string; outrankedBy?: string };
  };
  'dragoman/usage': { params: { since?: string; groupBy?: string }; result: { rows: UsageRow[] } };
  'dragoman/trail': {
    params: { textDocument?: { uri: string }; limit?: number };
    result: { entries: TrailEntry[] };
  };
  'dragoman/sent': { params: { limit?: number }; result: { entries: SentEntry[] } };
  'dragoman/key/set': { params: { provider: string; key: string | null }; result: unknown };
  'dragoman/key/status': {
    params: object;
    result: { providers: { provider: string; source: string; present: boolean; fingerprint?: string }[] };
  };
  'dragoman/config': {
    params: { textDocument?: { uri: string } };
    result: { sources: { path: string; trusted: boolean }[]; problems: unknown[] };
  };
}

export type Method = keyof Methods;
