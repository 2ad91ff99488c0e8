// One question and its answer on the page, with the buttons that act on them.
import type { Strings } from '../../src/chat/messages.ts';
import type { Head, Turn } from '../../src/chat/transcript.ts';
import { AnswerText } from './answer.ts';
import { build, button } from './dom.ts';
import { noticeOf } from './notice.ts';
import { visible } from './tree.ts';

export class TurnView {
  readonly element = document.createElement('article');
  readonly #strings: Strings;
  readonly #prompt = part('div', 'prompt');
  readonly #attached = part('ul', 'attached');
  readonly #questionActions = part('div', 'actions');
  readonly #reasoning = document.createElement('details');
  readonly #thoughts = part('div', 'thoughts');
  readonly #answer: AnswerText;
  readonly #notice = part('div', 'notice');
  readonly #foot = part('div', 'foot');
  #head: Head;
  /** Whether anything of the answer has come. */
  #begun = false;

  constructor(turn: Turn, strings: Strings, drawn: () => void) {
    this.#strings = strings;
    this.#head = turn;
    this.#answer = new AnswerText(strings, drawn);
    const summary = document.createElement('summary');
    summary.textContent = strings.reasoning;
    this.#reasoning.className = 'reasoning';
    this.#reasoning.hidden = true;
    this.#reasoning.append(summary, this.#thoughts);
    this.#attached.setAttribute('aria-label', strings.attachments);
    const question = part('section', 'question');
    const asked = part('div', 'asked');
    asked.append(this.#prompt, this.#questionActions);
    question.append(heading(strings.question), asked, this.#attached);
    const answer = part('section', 'answer');
    answer.append(heading(strings.answer), this.#reasoning, this.#answer.element, this.#notice, this.#foot);
    this.element.append(question, answer);
    this.push(turn.reasoning, turn.text);
    this.update(turn);
  }

  get prompt(): string {
    return this.#head.prompt;
  }

  push(reasoning: string, text: string): void {
    if (reasoning !== '') {
      this.#reasoning.hidden = false;
      this.#thoughts.append(build(visible(reasoning), this.#strings));
    }
    if (text === '') return;
    this.#begun = true;
    this.#answer.push(text);
  }

  update(head: Head): void {
    const strings = this.#strings;
    const streaming = head.state === 'streaming';
    this.#head = head;
    this.element.classList.toggle('streaming', streaming);
    this.element.setAttribute('aria-busy', String(streaming));
    if (!streaming) this.#answer.close();
    this.#prompt.replaceChildren(build(visible(head.prompt), strings));
    this.#attached.replaceChildren(...head.attached.map(chip));
    this.#attached.hidden = head.attached.length === 0;
    this.#questionActions.replaceChildren(...(streaming ? [] : [button(strings.edit, 'edit')]));
    this.#notice.replaceChildren(build(visible(noticeOf(head, this.#begun, strings)), strings));
    this.#notice.hidden = this.#notice.textContent === '';
    if (head.cure) this.#notice.append(button(strings[head.cure.kind], 'cure'));
    this.#notice.classList.toggle('problem', head.state === 'failed');
    const facts = part('span', 'facts');
    facts.append(build(visible([head.model, head.figures].filter(Boolean).join(' · ')), strings));
    this.#foot.replaceChildren(...(streaming ? [] : actions(head, this.#begun, strings)), facts);
  }

  /** The question becomes a text field, with the question in it, or with another one. */
  edit(text = this.#head.prompt): void {
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('aria-label', this.#strings.question);
    field.rows = Math.min(10, field.value.split('\n').length + 1);
    this.#prompt.replaceChildren(field);
    this.#questionActions.replaceChildren(
      button(this.#strings.send, 'sendEdit'),
      button(this.#strings.cancel, 'cancelEdit'),
    );
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  /** What the text field holds. */
  get edited(): string {
    return this.#prompt.querySelector('textarea')?.value ?? '';
  }

  cancelEdit(): void {
    this.update(this.#head);
    this.#questionActions.querySelector('button')?.focus();
  }

  dispose(): void {
    this.#answer.dispose();
    this.element.remove();
  }
}

function actions(head: Head, begun: boolean, strings: Strings): HTMLButtonElement[] {
  if (!begun) return [button(strings.retry, 'retry')];
  const out = [button(strings.copyAnswer, 'copyAnswer'), button(strings.retry, 'retry')];
  if (head.state !== 'complete' && head.id !== '' && !head.lost)
    out.push(button(strings.continueAnswer, 'continue'));
  if (head.id !== '') out.push(button(strings.fork, 'fork'));
  return out;
}

function chip(name: string): HTMLLIElement {
  const out = document.createElement('li');
  out.append(...build(visible(name), {} as Strings).childNodes);
  return out;
}

/** Not to be seen: a screen reader leaps from one to the next. */
function heading(text: string): HTMLElement {
  const out = part('h2', 'unseen');
  out.textContent = text;
  return out;
}

function part(tag: string, look: string): HTMLElement {
  const out = document.createElement(tag);
  out.className = look;
  return out;
}
