// What the extension and the view say to each other. The view has no rules of its own: it shows what it is told and
// tells what a person does; a message to the extension is a wish, never a fact about a conversation.
import type { Change } from './transcript.ts';

/** The sentences of the view, in the language of VS Code. */
export interface Strings {
  answer: string;
  answering: string;
  apply: string;
  applyHint: string;
  attach: string;
  attachHint: string;
  attachments: string;
  broken: string;
  cancel: string;
  cancelled: string;
  code: string;
  complete: string;
  continueAnswer: string;
  copied: string;
  copy: string;
  copyAnswer: string;
  cut: string;
  defaultModel: string;
  edit: string;
  empty: string;
  filtered: string;
  fork: string;
  insert: string;
  insertHint: string;
  model: string;
  question: string;
  questionHint: string;
  reasoning: string;
  remove: string;
  retry: string;
  send: string;
  setKey: string;
  setUp: string;
  stop: string;
  toEnd: string;
  transcript: string;
}

export type ToView =
  | Change
  /** The daemon has given the conversation that is shown its id. */
  | { kind: 'conversation'; conversation: string }
  /** What the next question takes along, by name. */
  | { kind: 'attachments'; names: string[] }
  /** The model that is asked; '' is the configured one. */
  | { kind: 'model'; model: string }
  /** The question that was being written when the window went without a word. */
  | { kind: 'draft'; text: string }
  /** A question that was not asked: it goes back to where it was written, which `index` tells of an edited one. */
  | { kind: 'returned'; prompt: string; index?: number }
  | { kind: 'focus' };

export type ToHost =
  /** The view is there and shows nothing yet. It remembers what it showed and what was being written, or ''. */
  | { kind: 'ready'; conversation: string; draft: string }
  | { kind: 'focused' }
  /** What is being written, now and then. */
  | { kind: 'draft'; text: string }
  | { kind: 'send'; prompt: string }
  | { kind: 'stop' }
  | { kind: 'retry' | 'continue' | 'fork' | 'copyAnswer'; index: number }
  /** What helps with the failure of a turn. */
  | { kind: 'cure'; index: number }
  /** The question of a turn asked anew; the turns behind it go. */
  | { kind: 'edit'; index: number; prompt: string }
  | { kind: 'attach' }
  | { kind: 'detach'; index: number }
  /** A file that was pasted or dropped, and is on no disk that the extension knows. */
  | { kind: 'file'; name: string; bytes: Uint8Array }
  /** One that the page has not read. */
  | { kind: 'unread'; name: string; why: 'tooLarge' | 'unreadable' }
  | { kind: 'drop'; uris: string[] }
  | { kind: 'chooseModel' }
  | { kind: 'copy' | 'insert' | 'apply'; text: string }
  | { kind: 'link'; url: string };
