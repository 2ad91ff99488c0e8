// The sentences of the view: it has no l10n of its own.
import { l10n } from 'vscode';

import { nameOfCure } from '../context.ts';
import type { Strings } from './messages.ts';

export function strings(): Strings {
  return {
    answer: l10n.t('Answer'),
    answering: l10n.t('The answer is being written.'),
    apply: l10n.t('Apply'),
    applyHint: l10n.t(
      'Show as a change of the open file: of the selection, of the block with the same first line, or of all of it',
    ),
    attach: l10n.t('Attach…'),
    attachHint: l10n.t(
      'Attach files, changes or problems. Images can be pasted, files dropped with Shift held.',
    ),
    attachments: l10n.t('Attachments'),
    broken: l10n.t('The answer broke off here.'),
    cancel: l10n.t('Cancel'),
    cancelled: l10n.t('Stopped.'),
    code: l10n.t('Code'),
    complete: l10n.t('The answer is complete.'),
    continueAnswer: l10n.t('Continue'),
    copied: l10n.t('Copied.'),
    copy: l10n.t('Copy'),
    copyAnswer: l10n.t('Copy answer'),
    cut: l10n.t('The model stopped at its limit.'),
    defaultModel: l10n.t('Default model'),
    edit: l10n.t('Edit'),
    empty: l10n.t('Ask about your code. Attach a selection, a file, its problems or the staged changes.'),
    filtered: l10n.t('The provider’s filter stopped the answer here.'),
    fork: l10n.t('Fork'),
    insert: l10n.t('Insert'),
    insertHint: l10n.t('Insert at the cursor'),
    model: l10n.t('Model'),
    question: l10n.t('Question'),
    questionHint: l10n.t('Ask a question (Enter sends, Shift+Enter begins a line)'),
    reasoning: l10n.t('Reasoning'),
    remove: l10n.t('Remove'),
    retry: l10n.t('Retry'),
    send: l10n.t('Send'),
    setKey: nameOfCure('setKey'),
    setUp: nameOfCure('setUp'),
    stop: l10n.t('Stop'),
    toEnd: l10n.t('Go to the end'),
    transcript: l10n.t('Conversation'),
  };
}
