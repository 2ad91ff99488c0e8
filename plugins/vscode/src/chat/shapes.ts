// What the two sides of a chat say to each other, held against its types as it arrives. Neither side believes the other:
// a message with anything wrong in it is none. Pure.
import type { ToHost, ToView } from './messages.ts';

type Check = (value: unknown) => boolean;
/** Member by member; one that is not named may be there and is not looked at. */
type Shape = Readonly<Record<string, Check>>;

/** Longer texts than the daemon takes in a message are nothing that a page may send. */
const LONGEST = 64 * 1024 * 1024;
const MOST_URIS = 1000;

const text: Check = (value) => typeof value === 'string' && value.length <= LONGEST;
const index: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const list =
  (of: Check, most = Infinity): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(of);
const optional =
  (of: Check): Check =>
  (value) =>
    value === undefined || of(value);
const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const bytes: Check = (value) => value instanceof Uint8Array && value.byteLength <= LONGEST;

const TO_HOST: Readonly<Record<ToHost['kind'], Shape>> = {
  ready: { conversation: text, draft: text },
  focused: {},
  draft: { text },
  send: { prompt: text },
  stop: {},
  retry: { index },
  continue: { index },
  fork: { index },
  cure: { index },
  copyAnswer: { index },
  edit: { index, prompt: text },
  attach: {},
  detach: { index },
  file: { name: text, bytes },
  unread: { name: text, why: oneOf('tooLarge', 'unreadable') },
  drop: { uris: list(text, MOST_URIS) },
  chooseModel: {},
  copy: { text },
  insert: { text },
  apply: { text },
  link: { url: text },
};

const HEAD: Shape = {
  id: text,
  prompt: text,
  attached: list(text),
  model: text,
  state: oneOf('streaming', 'complete', 'cut', 'filtered', 'cancelled', 'failed'),
  notice: optional(text),
  lost: oneOf(true, undefined),
  cure: optional((value) => matches(value, { kind: oneOf('setKey', 'setUp'), provider: text })),
  figures: optional(text),
};
const head: Check = (value) => matches(value, HEAD);
const turn: Check = (value) => matches(value, { ...HEAD, reasoning: text, text });

const TO_VIEW: Readonly<Record<ToView['kind'], Shape>> = {
  show: { conversation: text, turns: list(turn) },
  turn: { index, turn },
  piece: { index, reasoning: text, text },
  head: { index, head },
  conversation: { conversation: text },
  attachments: { names: list(text) },
  model: { model: text },
  draft: { text },
  returned: { prompt: text, index: optional(index) },
  focus: {},
};

/** undefined for whatever is not exactly a wish of the page. */
export function readToHost(message: unknown): ToHost | undefined {
  return isOneOf(message, TO_HOST) ? (message as ToHost) : undefined;
}

/** undefined for whatever the extension does not say. */
export function readToView(message: unknown): ToView | undefined {
  return isOneOf(message, TO_VIEW) ? (message as ToView) : undefined;
}

function isOneOf(message: unknown, shapes: Readonly<Record<string, Shape>>): boolean {
  if (!isRecord(message) || typeof message['kind'] !== 'string') return false;
  const { kind } = message;
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  return shape !== undefined && matches(message, shape);
}

function matches(value: unknown, shape: Shape): boolean {
  return isRecord(value) && Object.entries(shape).every(([name, check]) => check(value[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
