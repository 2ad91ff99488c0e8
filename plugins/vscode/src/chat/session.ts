// One conversation in one view: its turns as they are shown, what is attached to the next question, and the request
// that runs, of which there is one at most. Lives on while its view is hidden, and tells a view that comes back all.
import * as vscode from 'vscode';

import type { Context, Disposable } from '../context.ts';
import { cureOf, inWords, toRequestError, type Cure } from '../errors.ts';
import { figures } from '../figures.ts';
import { currentDocument } from '../ghost.ts';
import type { ChatResult, ChatSend, ChatTurn, ContextItem, Methods, StreamEvent } from '../protocol.ts';
import { inform, warn } from '../tell.ts';
import { unsent } from '../unsent.ts';
import { nameOf, type Attachment } from './attachments.ts';
import type { ToView } from './messages.ts';
import { apply, stateAfter, streaming, type Change, type Head, type Turn } from './transcript.ts';

/** Pieces are told this often: a frame of the screen. */
const GATHER_MS = 16;

/** What goes along with one question: the daemon's connection ends at a message of more than 64 MiB. */
const ATTACHED_LIMIT = 48 * 1024 * 1024;

export class Session implements Disposable {
  readonly #context: Context;
  readonly #post: (message: ToView) => void;
  readonly #titled = new vscode.EventEmitter<string>();
  /** Fires when the conversation is another or has another title. */
  readonly onTitle = this.#titled.event;
  readonly #attached = new vscode.EventEmitter<void>();
  /** Fires when the next question takes along something else. */
  readonly onAttached = this.#attached.event;

  #conversation = '';
  #title = '';
  #model = '';
  #turns: Turn[] = [];
  /** What each turn's question took along. */
  #items: ContextItem[][] = [];
  #attachments: Attachment[] = [];
  #running: vscode.CancellationTokenSource | undefined;

  constructor(context: Context, post: (message: ToView) => void) {
    this.#context = context;
    this.#post = post;
  }

  get conversation(): string {
    return this.#conversation;
  }
  get title(): string {
    return this.#title;
  }
  get model(): string {
    return this.#model;
  }
  get attachments(): readonly Attachment[] {
    return this.#attachments;
  }

  answer(index: number): string {
    return this.#turns[index]?.text ?? '';
  }

  /** What helps with the failure of a turn. */
  cure(index: number): Cure | undefined {
    return this.#turns[index]?.cure;
  }

  /** Tells a view that shows nothing yet. `remembered` is what it showed when nothing is shown here. */
  async restore(remembered: string): Promise<void> {
    const fresh = () => this.#conversation === '' && this.#turns.length === 0;
    if (fresh() && remembered !== '') {
      try {
        const conversation = await this.#get(remembered);
        // Whoever has asked a question meanwhile has begun another one.
        if (fresh()) this.#take(conversation);
      } catch (reason) {
        this.#context.log.info(`the chat that was open is not shown: ${toRequestError(reason).message}`);
      }
    }
    // Where it could not be shown it is still remembered: the next window may have a daemon that knows it.
    const conversation = this.#turns.length === 0 ? remembered : this.#conversation;
    this.#post({ kind: 'show', conversation, turns: this.#turns });
    this.#tellAttachments();
    this.#post({ kind: 'model', model: this.#model });
  }

  /** A conversation that is empty. */
  clear(): void {
    this.#leave();
    this.#conversation = '';
    this.#model = '';
    this.#items = [];
    this.#setTitle('');
    this.#tell({ kind: 'show', conversation: '', turns: [] });
    this.#post({ kind: 'model', model: '' });
  }

  /** Rejects, and shows what it showed, where the daemon has no such conversation. */
  async open(conversation: string): Promise<void> {
    this.#take(await this.#get(conversation));
  }

  #get(conversation: string): Promise<Conversation> {
    return this.#context.request('dragoman/chat/get', { conversation });
  }

  /** Shows it in place of what is shown. */
  #take({ id, title, turns }: Conversation): void {
    this.#leave();
    this.#conversation = id;
    this.#model = turns.at(-1)?.model ?? '';
    this.#items = turns.map(({ context }) => context);
    this.#setTitle(title);
    this.#tell({ kind: 'show', conversation: id, turns: turns.map(shown) });
    this.#post({ kind: 'model', model: this.#model });
  }

  /** The conversation was renamed elsewhere. */
  renamed(title: string): void {
    this.#setTitle(title);
  }

  setModel(model: string): void {
    this.#model = model;
    this.#post({ kind: 'model', model });
  }

  /** What is there already is left out; what would be too much is, too, with a word. */
  attach(...attachments: Attachment[]): void {
    const known = new Map(this.#attachments.map((one) => [JSON.stringify(one.item), one]));
    let size = [...known.keys()].reduce((sum, { length }) => sum + length, 0);
    for (const one of attachments) {
      const written = JSON.stringify(one.item);
      if (known.has(written)) continue;
      size += written.length;
      if (size > ATTACHED_LIMIT) {
        warn(vscode.l10n.t('{0} is too much for one question. Remove something first.', one.name));
        break;
      }
      known.set(written, one);
    }
    this.#attachments = [...known.values()];
    this.#tellAttachments();
  }

  detach(index: number): void {
    this.#attachments.splice(index, 1);
    this.#tellAttachments();
  }

  async send(prompt: string): Promise<void> {
    if (streaming(this.#turns) || prompt.trim() === '') return;
    const taken = this.#attachments;
    const items = taken.map(({ item }) => item);
    const attached = taken.map(({ name }) => name);
    const { turns, title } = { turns: this.#turns, title: this.#title };
    this.#attachments = [];
    this.#tellAttachments();
    // What was refused for what it took along is asked again without that: both go back to where they were chosen.
    const giveBack = () => {
      this.#setTitle(title);
      this.#tell({ kind: 'show', conversation: this.#conversation, turns });
      const since = this.#attachments;
      this.#attachments = [];
      this.attach(...taken, ...since);
      this.#post({ kind: 'returned', prompt });
    };
    await this.#ask(turns.length, prompt, items, attached, taken.length > 0 ? { giveBack } : {});
  }

  /**
   * Asks the question of a turn again; `prompt` where it is to be another. What follows the turn is kept: the question is
   * asked in a copy that ends with it.
   */
  async retry(index: number, prompt?: string): Promise<void> {
    if (prompt?.trim() === '') return;
    if (index < this.#turns.length - 1 && !streaming(this.#turns)) {
      await this.fork(index);
      inform(vscode.l10n.t('This goes on in a copy; the conversation with what followed is in the list.'));
    }
    const turn = this.#turns[index];
    if (!turn || streaming(this.#turns)) return;
    await this.#ask(index, prompt ?? turn.prompt, this.#items[index] ?? [], turn.attached, {
      replaceTurn: turn.id,
    });
  }

  /** Has a broken answer written to its end. */
  async continue(index: number): Promise<void> {
    const turn = this.#turns[index];
    if (!turn || turn.id === '' || turn.lost || streaming(this.#turns)) return;
    const { id, prompt, attached, model, reasoning, text } = turn;
    const again: Turn = { id, prompt, attached, model, state: 'streaming', reasoning, text };
    this.#tell({ kind: 'turn', index, turn: again });
    await this.#run(index, { prompt, replaceTurn: id, continue: true });
  }

  /** Goes on in a copy that ends with a turn. */
  async fork(index: number): Promise<void> {
    const turn = this.#turns[index];
    if (!turn || turn.id === '') return;
    const { conversation } = await this.#context.request('dragoman/chat/fork', {
      conversation: this.#conversation,
      turn: turn.id,
    });
    await this.open(conversation);
  }

  stop(): void {
    this.#running?.cancel();
  }

  dispose(): void {
    this.#leave();
    this.#titled.dispose();
    this.#attached.dispose();
  }

  /** What runs is ended and heard no more; the daemon keeps what had arrived. */
  #leave(): void {
    this.#running?.cancel();
    this.#running = undefined;
  }

  async #ask(
    index: number,
    prompt: string,
    items: ContextItem[],
    attached: string[],
    { replaceTurn, giveBack }: { replaceTurn?: string; giveBack?: () => void } = {},
  ): Promise<void> {
    const before = { turns: this.#turns, items: this.#items };
    this.#items = [...this.#items.slice(0, index), items];
    if (this.#turns.length === 0) this.#setTitle(prompt.trim().split('\n', 1)[0]?.slice(0, 60) ?? '');
    const turn: Turn = {
      ...{ id: '', prompt, attached, model: this.#model },
      ...{ state: 'streaming', reasoning: '', text: '' },
    };
    this.#tell({ kind: 'turn', index, turn });
    const replaced = before.turns[index];
    const showAgain = replaced
      ? () => {
          this.#tell({ kind: 'turn', index, turn: replaced });
          if (prompt !== replaced.prompt) this.#post({ kind: 'returned', prompt, index });
        }
      : giveBack;
    await this.#run(
      index,
      { prompt, context: items, ...(replaceTurn ? { replaceTurn } : {}) },
      showAgain &&
        ((stopped) => {
          if (stopped && !replaced) return false; // a question that a person stopped stays as that
          this.#items = before.items;
          showAgain();
          return true;
        }),
    );
  }

  /**
   * `restore` shows again what was there before the question, where the daemon has not begun to answer it; false
   * where it does not.
   */
  async #run(index: number, what: ChatSend, restore?: (stopped: boolean) => boolean): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    // By it the daemon knows the project, and whose changes and settings are meant.
    const document = currentDocument();
    const current = () => this.#running === source;
    const pieces = new Pieces((reasoning, text) => {
      if (current()) this.#tell({ kind: 'piece', index, reasoning, text });
    });
    try {
      const result = await this.#context.request(
        'dragoman/chat/send',
        {
          ...what,
          ...(this.#conversation === '' ? {} : { conversation: this.#conversation }),
          ...(this.#model === '' ? {} : { model: this.#model }),
          ...(document ? { textDocument: { uri: document.uri.toString() } } : {}),
        },
        {
          token: source.token,
          onEvent: (event) => {
            if (event.kind === 'text') pieces.add('', event.text);
            else if (event.kind === 'reasoning') pieces.add(event.text, '');
            else if (current()) this.#heard(index, event);
          },
        },
      );
      pieces.flush();
      if (current()) this.#finished(index, result);
    } catch (reason) {
      pieces.flush();
      if (!current()) return;
      const begun = this.#turns[index]?.id !== '';
      if (!begun && restore?.(toRequestError(reason).cancelled)) void this.#context.report(reason);
      else this.#failed(index, reason);
    } finally {
      pieces.end();
      if (current()) this.#running = undefined;
      source.dispose();
    }
  }

  #heard(index: number, event: StreamEvent): void {
    if (event.kind === 'begin') {
      if (event.conversation !== undefined && event.conversation !== this.#conversation) {
        this.#conversation = event.conversation;
        this.#post({ kind: 'conversation', conversation: this.#conversation });
        this.#titled.fire(this.#title);
      }
      this.#change(index, { id: event.turn ?? '', model: event.model, ...notice(unsent(event)) });
    } else if (event.kind === 'fallback') {
      this.#change(index, { model: event.model, notice: event.reason });
    } else if (event.kind === 'retry') {
      this.#change(index, { notice: event.reason });
    }
  }

  #finished(index: number, result: ChatResult): void {
    this.#change(index, {
      ...{ id: result.turn, model: result.model },
      state: stateAfter(result.finishReason),
      ...notice(unsent(result)),
      ...numbers(result),
    });
  }

  #failed(index: number, reason: unknown): void {
    const error = toRequestError(reason);
    if (error.cancelled) {
      this.#change(index, { state: 'cancelled' });
      return;
    }
    this.#context.log.warn(`chat: ${error.message} ${error.hint}`);
    this.#change(index, {
      state: 'failed',
      ...trouble(error.message, error.hint, cureOf(error.kind, error.provider)),
      ...(error.gone ? { lost: true } : {}),
    });
  }

  /** Changes the head of a turn; what was being waited for is over. */
  #change(index: number, change: Partial<Head>): void {
    const turn = this.#turns[index];
    if (!turn) return;
    const { id, prompt, attached, model, state } = turn;
    const head: Head = { id, prompt, attached, model, state, ...change };
    this.#tell({ kind: 'head', index, head });
  }

  #tell(change: Change): void {
    this.#turns = apply(this.#turns, change);
    this.#post(change);
  }

  #tellAttachments(): void {
    this.#post({ kind: 'attachments', names: this.#attachments.map(({ name }) => name) });
    this.#attached.fire();
  }

  #setTitle(title: string): void {
    this.#title = title;
    this.#titled.fire(title);
  }
}

type Conversation = Methods['dragoman/chat/get']['result'];

/** Gathers the pieces of a frame: a message each would cost more than the text. */
class Pieces {
  readonly #tell: (reasoning: string, text: string) => void;
  #reasoning = '';
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (reasoning: string, text: string) => void) {
    this.#tell = tell;
  }

  add(reasoning: string, text: string): void {
    this.#reasoning += reasoning;
    this.#text += text;
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reasoning !== '' || this.#text !== '') this.#tell(this.#reasoning, this.#text);
    this.#reasoning = this.#text = '';
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function shown(turn: ChatTurn): Turn {
  const { error } = turn;
  return {
    ...{ id: turn.id, prompt: turn.prompt, attached: turn.context.map(nameOf), model: turn.model },
    ...{ reasoning: turn.reasoning ?? '', text: turn.text },
    state:
      turn.status === 'failed'
        ? 'failed'
        : turn.status !== undefined
          ? 'cancelled'
          : stateAfter(turn.finishReason),
    ...numbers(turn),
    ...(error && trouble(error.message, error.hint ?? '', cureOf(error.kind, error.provider))),
  };
}

/** A hint says in words what a button does in one press. */
function trouble(message: string, hint: string, cure: Cure | undefined): Pick<Head, 'notice' | 'cure'> {
  return cure ? { notice: message, cure } : { notice: inWords(message, hint) };
}

function notice(text: string): { notice?: string } {
  return text === '' ? {} : { notice: text };
}

function numbers(of: Pick<ChatTurn, 'usage' | 'cost'>): { figures?: string } {
  const text = figures(of);
  return text === '' ? {} : { figures: text };
}
