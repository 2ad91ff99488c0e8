// The text of one answer on the page. Pieces are gathered and shown once a frame, for a part of the frame at most: the
// page stays quick however long an answer is and however fast it comes.
import type { Strings } from '../../src/chat/messages.ts';
import { Blocks, BLOCK_LIMIT } from './blocks.ts';
import { build } from './dom.ts';
import type { Element as Part, Node } from './tree.ts';

/** Blocks stand in groups of as many or a few more: what is far from the screen is skipped by the group (chat.css). */
const GROUP = 50;

/** Of the 16 ms of a frame. */
const BUDGET_MS = 8;

export class AnswerText {
  readonly element = document.createElement('div');
  readonly #open = document.createElement('div');
  #group = document.createElement('div');
  readonly #strings: Strings;
  /** Called after each frame that changed the page. */
  readonly #drawn: () => void;
  #blocks = new Blocks();
  /** What is on the page of blocks that may change yet. */
  readonly #numbered = new Map<number, Element>();
  #waiting: string[] = [];
  #frame = 0;
  #whole = false;
  #restUntil = 0;

  constructor(strings: Strings, drawn: () => void) {
    this.#strings = strings;
    this.#drawn = drawn;
    this.element.className = 'text';
    this.element.append(this.#group, this.#open);
  }

  push(text: string): void {
    for (let at = 0; at < text.length; at += BLOCK_LIMIT)
      this.#waiting.push(text.slice(at, at + BLOCK_LIMIT));
    this.#schedule();
  }

  /** No more comes. */
  close(): void {
    this.#whole = true;
    this.#schedule();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  #schedule(): void {
    if (this.#frame === 0)
      this.#frame = requestAnimationFrame((now) => {
        this.#draw(now);
      });
  }

  #draw(now: number): void {
    this.#frame = 0;
    if (now < this.#restUntil) {
      this.#schedule();
      return;
    }
    const until = performance.now() + BUDGET_MS;
    let open;
    while (this.#waiting.length > 0 && (open === undefined || performance.now() < until)) {
      const step = this.#blocks.push(this.#next());
      this.#add(step.done);
      open = step.open;
    }
    if (this.#waiting.length === 0 && this.#whole) {
      const { done, again } = this.#blocks.close();
      this.#add(done);
      this.#replace(again);
      this.#numbered.clear();
      this.#open.remove();
    } else if (open) {
      this.#open.replaceChildren(build(open, this.#strings));
    }
    // A block that takes long to show is shown less often.
    const over = performance.now() - until;
    if (over > 0) this.#restUntil = now + 2 * over;
    this.#drawn();
    if (this.#waiting.length > 0) this.#schedule();
  }

  #add(nodes: readonly Node[]): void {
    const [first] = nodes;
    // The parts of a block of code that was cut stand in one group.
    const continues = typeof first === 'object' && first.code?.continues === true;
    if (this.#group.childElementCount >= GROUP && !continues) {
      this.#group = document.createElement('div');
      this.#open.before(this.#group);
    }
    for (const node of nodes) this.#group.append(this.#made(node));
  }

  #replace(nodes: readonly Part[]): void {
    for (const node of nodes) {
      const old = node.block === undefined ? undefined : this.#numbered.get(node.block);
      old?.replaceWith(this.#made(node));
    }
  }

  #made(node: Node): DocumentFragment {
    const out = build([node], this.#strings);
    if (typeof node === 'object' && node.block !== undefined && out.firstElementChild)
      this.#numbered.set(node.block, out.firstElementChild);
    return out;
  }

  /** The pieces that came since the last frame, as one. */
  #next(): string {
    let text = this.#waiting.shift() ?? '';
    while (this.#waiting.length > 0 && text.length + (this.#waiting[0]?.length ?? 0) <= BLOCK_LIMIT)
      text += this.#waiting.shift() ?? '';
    return text;
  }
}
