// Where the next question is written: the text, what it takes along, the model, send and stop.
import type { Strings, ToHost } from '../../src/chat/messages.ts';
import { build, button } from './dom.ts';
import { takeIn } from './intake.ts';
import { visible } from './tree.ts';

export class Composer {
  readonly element = document.createElement('form');
  readonly #strings: Strings;
  readonly #post: (message: ToHost) => void;
  readonly #changed: () => void;
  readonly #field = document.createElement('textarea');
  readonly #attached = document.createElement('ul');
  readonly #model: HTMLButtonElement;
  readonly #send: HTMLButtonElement;
  #streaming = false;

  constructor(strings: Strings, post: (message: ToHost) => void, changed: () => void) {
    this.#strings = strings;
    this.#post = post;
    this.#changed = changed;
    this.#field.placeholder = strings.questionHint;
    this.#field.setAttribute('aria-label', strings.questionHint);
    this.#field.rows = 3;
    this.#attached.className = 'attached';
    this.#attached.setAttribute('aria-label', strings.attachments);
    this.#model = button(strings.defaultModel, 'chooseModel', strings.model);
    this.#model.className = 'model';
    this.#send = button(strings.send, 'send');
    this.#send.classList.add('primary');
    const row = document.createElement('div');
    row.className = 'row';
    row.append(button(strings.attach, 'attach', strings.attachHint), this.#model, this.#send);
    this.element.className = 'composer';
    this.element.append(this.#attached, this.#field, row);
    this.#listen();
    this.attachments([]);
  }

  get draft(): string {
    return this.#field.value;
  }
  set draft(text: string) {
    this.#field.value = text;
  }

  focus(): void {
    this.#field.focus();
  }

  attachments(names: readonly string[]): void {
    this.#attached.hidden = names.length === 0;
    this.#attached.replaceChildren(
      ...names.map((name, index) => {
        const item = document.createElement('li');
        const remove = button('×', 'detach', this.#strings.remove);
        remove.dataset['index'] = String(index);
        remove.setAttribute('aria-label', `${this.#strings.remove}: ${name}`);
        item.append(build(visible(name), this.#strings), remove);
        return item;
      }),
    );
  }

  model(id: string): void {
    const name = id === '' ? this.#strings.defaultModel : id;
    this.#model.textContent = name;
    this.#model.setAttribute('aria-label', `${this.#strings.model}: ${name}`);
  }

  streaming(now: boolean): void {
    this.#streaming = now;
    this.#send.textContent = now ? this.#strings.stop : this.#strings.send;
  }

  #submit(): void {
    if (this.#streaming) {
      this.#post({ kind: 'stop' });
      return;
    }
    if (this.#field.value.trim() === '') return;
    this.#post({ kind: 'send', prompt: this.#field.value });
    this.#field.value = '';
    this.#changed();
  }

  #listen(): void {
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    this.element.addEventListener('click', ({ target }) => {
      const pressed = target instanceof Element ? target.closest<HTMLElement>('[data-act]') : null;
      switch (pressed?.dataset['act']) {
        case 'send':
          this.#submit();
          break;
        case 'attach':
          this.#post({ kind: 'attach' });
          break;
        case 'chooseModel':
          this.#post({ kind: 'chooseModel' });
          break;
        case 'detach':
          this.#post({ kind: 'detach', index: Number(pressed.dataset['index']) });
          this.focus();
      }
    });
    this.#field.addEventListener('input', this.#changed);
    this.#field.addEventListener('keydown', (event) => {
      // Enter that ends an input method's word is not for us.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || this.#streaming) return;
      event.preventDefault();
      this.#submit();
    });
    takeIn(this.#field, this.element, this.#post);
  }
}
