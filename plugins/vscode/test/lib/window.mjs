// Drives one window of VS Code: what a person does, and what they see. Selectors stand here alone.
import { createRequire } from 'node:module';
import path from 'node:path';

const { chromium } = createRequire(path.join(process.env.DRAGOMAN_VSCODE_HOST, 'package.json'))(
  'playwright-core',
);

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.DRAGOMAN_CHROMIUM,
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Tabs, view state and secrets live in the browser: a context is a person's own. */
export async function newContext(browser, deviceScaleFactor = 1) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(60_000);
  return context;
}

export class Window {
  console = [];
  /** What the page asked for outside this machine. */
  outside = new Set();

  constructor(page) {
    this.page = page;
    page.on('console', (message) => this.console.push(`${message.type()} ${message.text()}`));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      // Files of webviews carry a made-up host; the webview's service worker answers and nothing leaves the machine.
      const here = hostname === '127.0.0.1' || hostname.endsWith('.vscode-resource.vscode-cdn.net');
      if (/^https?:$/.test(protocol) && !here) this.outside.add(request.url());
    });
    // What a page's own policy has stopped has gone nowhere.
    page.on('requestfailed', (request) => {
      if (/csp/i.test(request.failure()?.errorText ?? '')) this.outside.delete(request.url());
    });
  }

  async open(server, folder) {
    const what = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await this.page.goto(`${server}/?${what}=${encodeURIComponent(folder)}`, {
      waitUntil: 'domcontentloaded',
    });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
  }
  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
  }

  /** As a person does it: VS Code writes down what is open, which `reload` gives it no time for. */
  async reloadInPeace() {
    const reloaded = this.page.waitForEvent('domcontentloaded');
    await this.command('Developer: Reload Window');
    await reloaded;
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
  }

  /** The extension's item in the status bar, by what it says to a screen reader. */
  status(label) {
    return this.page.locator(
      `.part.statusbar .statusbar-item[id*="dragoman.status"] a[aria-label*="${label}"]`,
    );
  }

  /** The same while it is drawn as a 'warning' or an 'error'. */
  statusKind(kind) {
    return this.page.locator(`.part.statusbar .statusbar-item.${kind}-kind[id*="dragoman.status"]`);
  }

  async command(title) {
    await this.#pick('F1', `>${title}`, title);
  }
  /** `shows` is what it is opened in, where that is no text editor. */
  async openFile(file, shows) {
    const name = path.basename(file);
    // The full path: by name, files made after the first search are missed.
    await this.#pick('Control+P', file, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await (shows === undefined ? this.editor(name) : this.page.locator(shows).first()).waitFor();
  }
  async #pick(key, text, label) {
    await this.page.keyboard.press(key);
    await this.input().fill(text);
    // Clicked: Enter takes the focused row, which may be an older one while results come in.
    await this.row(label).click();
  }
  /** The box of the command palette, of quick picks and of questions. */
  input() {
    return this.page.locator('.quick-input-widget:visible input').first();
  }
  row(label) {
    // A row's icon is the first word of its name.
    return this.page.locator(`.quick-input-list .monaco-list-row[aria-label*="${label}"]`).first();
  }
  async pick(label) {
    await this.row(label).click();
  }
  async answer(text) {
    await this.input().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The editor of a file, not one inside a diff. */
  editor(name) {
    return this.page.locator(
      `.editor-instance .monaco-editor[data-uri$="${name}"]:not([class*="-in-monaco-diff-editor"])`,
    );
  }
  async typeAtEnd(name, text, delay = 30) {
    await this.editor(name).locator('.view-lines').click();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text, { delay });
  }
  async selectAll(name) {
    await this.editor(name).locator('.view-lines').click();
    await this.page.keyboard.press('Control+A');
  }
  ghost(name) {
    return this.editor(name).locator('.ghost-text-decoration, .ghost-text');
  }
  /** The ghost text shown now: the spans behind the cursor, then the lines of the zone below. */
  ghostText(name) {
    return this.editor(name).evaluate((editor) => {
      const join = (list) => [...list].map((element) => element.textContent).join('');
      const rest = [...editor.querySelectorAll('.suggest-preview-text .view-line')].map((line) =>
        join(line.querySelectorAll('.ghost-text')),
      );
      return [join(editor.querySelectorAll('.ghost-text-decoration')), ...rest]
        .join('\n')
        .replaceAll('\u00a0', ' ');
    });
  }
  async save(name) {
    await this.page.keyboard.press('Control+S');
    await this.page.locator(`.tab[data-resource-name="${name}"]:not(.dirty)`).waitFor();
  }

  /** The lines on one side of the diff editor, 'original' or 'modified', as far as they are on the screen. */
  async diff(side) {
    const lines = await this.page
      .locator(`.monaco-diff-editor .editor.${side} .view-lines`)
      .first()
      .evaluate((view) =>
        [...view.querySelectorAll('.view-line')]
          .sort((a, b) => parseInt(a.style.top) - parseInt(b.style.top))
          .map((line) => line.textContent.replaceAll('\u00a0', ' ')),
      );
    return lines.join('\n');
  }
  /** What stands behind the lines of the right side, drawn by style sheets. */
  marks() {
    return this.page.locator('.monaco-diff-editor .editor.modified .view-line').evaluateAll((lines) =>
      lines
        .flatMap((line) => [...line.querySelectorAll('[class*="ced-"]')])
        .map((span) => getComputedStyle(span, '::after').content.replaceAll(/^"|"$|^none$/g, ''))
        .filter(Boolean),
    );
  }
  /** A button at the top right of an editor. */
  editorAction(label) {
    return this.page.locator(`.editor-actions a.action-label[aria-label^="${label}"]`).first();
  }
  toast(text) {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }
  async openView(title) {
    // Forced: a badge with a number may lie over the icon, and takes the click as well.
    await this.page.locator(`.part.activitybar .action-label[aria-label^="${title}"]`).click({ force: true });
  }
  /** The document inside a webview of this extension: a frame in a frame. */
  webview() {
    return this.page
      .locator('iframe.webview.ready[src*="extensionId=dragoman.dragoman"]')
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }
}
