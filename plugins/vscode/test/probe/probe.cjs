// Another extension, which uses dragoman's models through VS Code's own language model API.
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

exports.activate = (context) => {
  const say = (text) => void vscode.window.showInformationMessage(text);
  const run = (work) => work.then(say, (error) => say(`error: ${error.message}`));
  context.subscriptions.push(
    vscode.commands.registerCommand('probe.ask', () => run(ask('Probe question'))),
    vscode.commands.registerCommand('probe.cancel', () =>
      run(ask('Probe cancel', { cancelAfterFirst: true })),
    ),
  );
};
