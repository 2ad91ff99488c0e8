// The one way to a notification. VS Code makes a link of `[…](command:…)` in it, and a click runs the command: what a
// gateway, a model or a file's name says must not become one.
import { window, type MessageOptions } from 'vscode';

import { unlinked } from './unlinked.ts';

/** The button that was pressed, undefined where none was. */
type Pressed = Thenable<string | undefined>;

export function tellError(text: string, ...buttons: string[]): Pressed {
  return window.showErrorMessage(unlinked(text), ...buttons);
}

export function warn(text: string): void {
  void window.showWarningMessage(unlinked(text));
}

/** In front of everything, until it is answered. */
export function ask(text: string, ...buttons: string[]): Pressed {
  const options: MessageOptions = { modal: true };
  return window.showWarningMessage(unlinked(text), options, ...buttons);
}

export function inform(text: string): void {
  void window.showInformationMessage(unlinked(text));
}
