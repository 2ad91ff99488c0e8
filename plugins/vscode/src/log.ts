// The output channel. Everything the extension, the language client and the daemon's stderr have to say goes through
// it, and so does a protocol trace: keys that were handed over are cut out here, at the one place where text leaves.
import * as vscode from 'vscode';

const CUT = '[key]';

export class Log {
  readonly channel: vscode.LogOutputChannel;
  readonly #real: vscode.LogOutputChannel;
  readonly #secrets = new Set<string>();

  constructor(name: string) {
    this.#real = vscode.window.createOutputChannel(name, { log: true });
    this.channel = new Proxy(this.#real, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          Reflect.apply(
            member,
            target,
            args.map((arg) => this.#clean(arg)),
          );
      },
    });
  }

  /** From now on `secret` is never written. */
  hide(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  dispose(): void {
    this.#real.dispose();
  }

  #clean(arg: unknown): unknown {
    if (this.#secrets.size === 0) return arg;
    if (arg instanceof Error) return this.#clean(arg.stack ?? arg.message);
    if (typeof arg !== 'string') return arg;
    let text = arg;
    for (const secret of this.#secrets) {
      text = text.replaceAll(secret, CUT);
      const quoted = JSON.stringify(secret).slice(1, -1);
      if (quoted !== secret) text = text.replaceAll(quoted, CUT);
    }
    return text;
  }
}
