// Scrolling that follows an answer only while its reader is at the end.

/** So close counts as the end: a line's height or so. */
const NEAR = 32;

export class Follower {
  readonly #area: HTMLElement;
  /** Leads to the end, and is there only for a reader who is not. */
  readonly #toEnd: HTMLElement;
  #following = true;
  #top = 0;
  readonly #sizes = new ResizeObserver(() => {
    this.grown();
  });

  constructor(area: HTMLElement, toEnd: HTMLElement) {
    this.#area = area;
    this.#toEnd = toEnd;
    area.addEventListener('scroll', () => {
      // Only a reader scrolls up; that the end is away may as well be the work of an answer that grew.
      if (this.#atEnd()) this.#set(true);
      else if (area.scrollTop < this.#top) this.#set(false);
      this.#top = area.scrollTop;
    });
    toEnd.addEventListener('click', () => {
      this.follow();
    });
    this.#sizes.observe(area);
    this.#set(true);
  }

  /** What is far from the screen has no size of its own until it comes near (chat.css): the end moves by looking at it. */
  watch(part: Element): void {
    this.#sizes.observe(part);
  }

  /** It is gone. */
  unwatch(part: Element): void {
    this.#sizes.unobserve(part);
  }

  /** The page has grown. */
  grown(): void {
    if (this.#following) this.#area.scrollTop = this.#area.scrollHeight;
    else this.#set(this.#atEnd());
    this.#top = this.#area.scrollTop;
  }

  follow(): void {
    this.#set(true);
    this.grown();
  }

  #atEnd(): boolean {
    return this.#area.scrollHeight - this.#area.scrollTop - this.#area.clientHeight < NEAR;
  }

  #set(following: boolean): void {
    this.#following = following;
    this.#toEnd.hidden = following;
  }
}
