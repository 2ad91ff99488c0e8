// What is pasted into the page or dropped on it. Files of the workspace come as addresses, others as bytes; what they are
// good for is the extension's to say.
import type { ToHost } from '../../src/chat/messages.ts';

/** Beyond this a file is not even read: nothing of that size can be attached. */
const LIMIT = 20 * 1024 * 1024;

/** VS Code's own drags, then everybody's. */
const LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];

export function takeIn(
  field: HTMLTextAreaElement,
  frame: HTMLElement,
  post: (message: ToHost) => void,
): void {
  field.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    // Cells of a spreadsheet come with a picture of themselves: where there is text, that is meant.
    if (!data || data.files.length === 0 || data.getData('text/plain') !== '') return;
    event.preventDefault();
    void tell([...data.files], post);
  });
  const over = (now: boolean) => frame.classList.toggle('over', now);
  document.addEventListener('dragover', (event) => {
    const types = event.dataTransfer?.types ?? [];
    const wanted = types.includes('Files') || LISTS.some((type) => types.includes(type));
    over(wanted);
    if (wanted) event.preventDefault();
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) over(false);
  });
  document.addEventListener('drop', (event) => {
    over(false);
    const data = event.dataTransfer;
    const uris = LISTS.map((type) => addresses(data?.getData(type) ?? '')).find(({ length }) => length > 0);
    const files = [...(data?.files ?? [])];
    event.preventDefault();
    if (uris) post({ kind: 'drop', uris });
    else if (files.length > 0) void tell(files, post);
    else if (event.target === field) write(field, data?.getData('text/plain') ?? '');
  });
}

/** A field takes no text that is dropped on it by itself: VS Code forbids it that. */
function write(field: HTMLTextAreaElement, text: string): void {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input'));
  field.focus();
}

/** One after the other: attachments keep the order they were dropped in. */
async function tell(files: readonly File[], post: (message: ToHost) => void): Promise<void> {
  for (const file of files) {
    const { name } = file;
    if (file.size > LIMIT) {
      post({ kind: 'unread', name, why: 'tooLarge' });
      continue;
    }
    try {
      post({ kind: 'file', name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      post({ kind: 'unread', name, why: 'unreadable' }); // a folder, or gone
    }
  }
}

/** The lines of a uri-list (RFC 2483) that may be files. */
function addresses(list: string): string[] {
  return list.split(/\r?\n/).filter((line) => /^[a-z][a-z0-9+.-]*:/i.test(line) && !/^https?:/i.test(line));
}
