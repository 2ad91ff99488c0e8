// Other extensions, in one: a user of dragoman's models, a second provider of ghost text, and a file system of its own.
const vscode = require('vscode');

async function ask(words, { cancelAfterFirst = false } = {}) {
  const models = await vscode.lm.selectChatModels({ vendor: 'dragoman' });
  if (models.length === 0) return 'no models';
  const cancel = new vscode.CancellationTokenSource();
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const messages = [User('Earlier question'), Assistant('Earlier answer'), User(words)];
  const response = await models[0].sendRequest(messages, {}, cancel.token);
  let text = '';
  for await (const piece of response.text) {
    text += piece;
    if (cancelAfterFirst) cancel.cancel();
  }
  return `${models[0].id}: ${text}`;
}

/** Suggests where a line says so, whatever others suggest. */
const ghost = {
  provideInlineCompletionItems(document, position) {
    const before = document.lineAt(position).text.slice(0, position.character);
    return before.endsWith('a_or_b = ') ? [new vscode.InlineCompletionItem('the_probe()')] : [];
  },
};

/** Files in memory: any path is there, and empty until it is written. */
class MemoryFiles {
  #texts = new Map();
  onDidChangeFile = new vscode.EventEmitter().event;
  watch = () => ({ dispose() {} });
  stat({ path }) {
    const type = /\.\w+$/.test(path) ? vscode.FileType.File : vscode.FileType.Directory;
    return { type, ctime: 0, mtime: 0, size: 0 };
  }
  readDirectory = () => [];
  readFile = ({ path }) => this.#texts.get(path) ?? new Uint8Array();
  writeFile({ path }, text) {
    this.#texts.set(path, text);
  }
  createDirectory() {}
  delete() {}
  rename() {}
}

exports.activate = (context) => {
  const say = (text) => void vscode.window.showInformationMessage(text);
  const run = (work) => work.then(say, (error) => say(`error: ${error.message}`));
  const open = (uri) => vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: false });
  context.subscriptions.push(
    vscode.commands.registerCommand('probe.ask', () => run(ask('Probe question'))),
    vscode.commands.registerCommand('probe.cancel', () =>
      run(ask('Probe cancel', { cancelAfterFirst: true })),
    ),
    vscode.commands.registerCommand('probe.openVirtual', () => open('probe-folder:/work/virtual.py')),
    vscode.commands.registerCommand('probe.openElsewhere', () => open('probe-other:/work/elsewhere.py')),
    vscode.workspace.registerFileSystemProvider('probe-folder', new MemoryFiles()),
    vscode.workspace.registerFileSystemProvider('probe-other', new MemoryFiles()),
    vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, ghost),
  );
};
