// The page of a chat: what the extension tells is shown, what a person does is told to the extension. What outlives the
// page is the conversation's id and the question that is being written.
import type { Strings, ToHost, ToView } from '../../src/chat/messages.ts';
import { readToView } from '../../src/chat/shapes.ts';
import { apply, streaming, type Change, type Turn } from '../../src/chat/transcript.ts';
import { Composer } from './composer.ts';
import { button, codeOf } from './dom.ts';
import { noticeOf } from './notice.ts';
import { Follower } from './scroll.ts';
import { TurnView } from './turn.ts';

interface Kept {
  conversation: string;
  draft: string;
}

declare function acquireVsCodeApi(): {
  postMessage(message: ToHost): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const api = acquireVsCodeApi();
const strings = JSON.parse(document.body.dataset['strings'] ?? '{}') as Strings;
const kept: Kept = { ...(api.getState() ?? { conversation: '', draft: '' }) };
const post = (message: ToHost) => {
  api.postMessage(message);
};

const area = document.createElement('main');
area.tabIndex = 0;
area.setAttribute('aria-label', strings.transcript);
const empty = document.createElement('p');
empty.className = 'empty';
empty.textContent = strings.empty;
const toEnd = button(strings.toEnd, 'toEnd');
toEnd.className = 'toEnd';
// Says that an answer begins, is complete or failed; not its text, which is read at leisure.
const live = document.createElement('div');
live.className = 'live unseen';
live.setAttribute('role', 'status');

const composer = new Composer(strings, post, keep);
document.body.append(area, toEnd, composer.element, live);
area.append(empty);
const follower = new Follower(area, toEnd);

let turns: Turn[] = [];
let views: TurnView[] = [];

/** The extension is told what is being written when nothing was typed for this long. */
const TYPING_MS = 300;
let telling: ReturnType<typeof setTimeout> | undefined;

function keep(): void {
  if (kept.draft !== composer.draft) {
    kept.draft = composer.draft;
    clearTimeout(telling);
    telling = setTimeout(() => {
      post({ kind: 'draft', text: kept.draft });
    }, TYPING_MS);
  }
  api.setState(kept);
}

function change(message: Change): void {
  const before = turns;
  turns = apply(turns, message);
  switch (message.kind) {
    case 'show':
      kept.conversation = message.conversation;
      keep();
      replace(0, message.turns);
      follower.follow();
      break;
    case 'turn':
      replace(message.index, [message.turn]);
      follower.follow();
      // One that comes back as it was says nothing.
      if (message.turn.state === 'streaming') live.textContent = strings.answering;
      break;
    case 'piece':
      views[message.index]?.push(message.reasoning, message.text);
      break;
    case 'head':
      views[message.index]?.update(message.head);
      if (before[message.index]?.state === 'streaming' && message.head.state !== 'streaming') {
        const notice = noticeOf(message.head, before[message.index]?.text !== '', strings);
        live.textContent =
          message.head.state === 'complete' ? `${strings.complete} ${notice}`.trimEnd() : notice;
      }
      break;
  }
  composer.streaming(streaming(turns));
  follower.grown();
}

/** Shows `shown` in place of what stands at `index` and behind. */
function replace(index: number, shown: readonly Turn[]): void {
  for (const view of views.splice(index)) {
    follower.unwatch(view.element);
    view.dispose();
  }
  const added = shown.map(
    (turn) =>
      new TurnView(turn, strings, () => {
        follower.grown();
      }),
  );
  views = [...views, ...added];
  area.append(...added.map(({ element }) => element));
  for (const { element } of added) follower.watch(element);
  empty.hidden = views.length > 0;
}

window.addEventListener('message', ({ data, origin }: MessageEvent<unknown>) => {
  // Messages of the extension come through the frame around this page, which is of its origin.
  const told = origin === window.origin ? readToView(data) : undefined;
  if (told) hear(told);
});

function hear(data: ToView): void {
  switch (data.kind) {
    case 'conversation':
      kept.conversation = data.conversation;
      keep();
      break;
    case 'attachments':
      composer.attachments(data.names);
      break;
    case 'model':
      composer.model(data.model);
      break;
    case 'draft':
      composer.draft ||= data.text;
      keep();
      break;
    case 'returned':
      if (data.index !== undefined) {
        views[data.index]?.edit(data.prompt);
        break;
      }
      // Before what was written since.
      composer.draft = [data.prompt, composer.draft].filter((part) => part.trim() !== '').join('\n');
      keep();
      break;
    case 'focus':
      composer.focus();
      break;
    default:
      change(data);
  }
}

/** A press of a button in the transcript. */
function act(pressed: HTMLElement): void {
  const what = pressed.dataset['act'];
  const block = pressed.closest('.code');
  const index = views.findIndex(({ element }) => element.contains(pressed));
  const view = views[index];
  switch (what) {
    case 'copy':
    case 'insert':
    case 'apply':
      if (block) post({ kind: what, text: codeOf(block) });
      if (what === 'copy') live.textContent = strings.copied;
      break;
    case 'copyAnswer':
      post({ kind: what, index });
      live.textContent = strings.copied;
      break;
    case 'retry':
    case 'continue':
    case 'fork':
      post({ kind: what, index });
      composer.focus(); // the button goes
      break;
    case 'cure':
      post({ kind: what, index });
      break;
    case 'edit':
      view?.edit();
      break;
    case 'sendEdit':
      sendEdit(index);
      break;
    case 'cancelEdit':
      view?.cancelEdit();
  }
}

function sendEdit(index: number): void {
  const prompt = views[index]?.edited.trim() ?? '';
  if (prompt === '') return;
  post({ kind: 'edit', index, prompt });
  composer.focus();
}

function follow(link: HTMLElement): void {
  post({ kind: 'link', url: link.dataset['url'] ?? '' });
}

area.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const pressed = target.closest<HTMLElement>('[data-act]');
  const link = target.closest<HTMLElement>('[data-url]');
  if (pressed) act(pressed);
  else if (link) follow(link);
});
area.addEventListener('keydown', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLElement) || event.isComposing) return;
  if (target.dataset['url'] !== undefined && event.key === 'Enter') follow(target);
  if (!(target instanceof HTMLTextAreaElement)) return;
  const index = views.findIndex(({ element }) => element.contains(target));
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    sendEdit(index);
  } else if (event.key === 'Escape') {
    event.stopPropagation();
    views[index]?.cancelEdit();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && streaming(turns)) post({ kind: 'stop' });
});
window.addEventListener('focus', () => {
  post({ kind: 'focused' });
});

composer.draft = kept.draft;
composer.model('');
post({ kind: 'ready', ...kept });
