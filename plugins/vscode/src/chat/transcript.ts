// A conversation as it is shown, and what changes it. The extension keeps one and tells the view each change; the view
// applies the same changes to its own. Pure, and free of what only one of the two sides has.

import type { Cure } from '../errors.ts';
import type { ChatResult } from '../protocol.ts';

/** cut: the model stopped at its limit. filtered: the provider's filter stopped it. */
export type AnswerState = 'streaming' | 'complete' | 'cut' | 'filtered' | 'cancelled' | 'failed';

/** How an answer has ended that neither failed nor was cancelled. */
export function stateAfter(finishReason: ChatResult['finishReason'] | undefined): AnswerState {
  if (finishReason === 'length') return 'cut';
  return finishReason === 'contentFilter' ? 'filtered' : 'complete';
}

/** A turn without what streams. All texts are shown as they stand. */
export interface Head {
  /** The daemon's id; '' where it has not told one. */
  id: string;
  prompt: string;
  /** What was attached, by name. */
  attached: string[];
  model: string;
  state: AnswerState;
  /** What went wrong, what is being waited for, or what the model was not shown. */
  notice?: string;
  /** The daemon ended and may have kept less than is shown: there is no going on from here, only asking again. */
  lost?: true;
  /** What helps with what went wrong. */
  cure?: Cure;
  /** Tokens and cost. */
  figures?: string;
}

export interface Turn extends Head {
  reasoning: string;
  text: string;
}

export type Change =
  /** Another conversation, or this one read again. */
  | { kind: 'show'; conversation: string; turns: Turn[] }
  /** A turn begins at `index`; those from there on are gone. */
  | { kind: 'turn'; index: number; turn: Turn }
  | { kind: 'piece'; index: number; reasoning: string; text: string }
  | { kind: 'head'; index: number; head: Head };

export function apply(turns: readonly Turn[], change: Change): Turn[] {
  switch (change.kind) {
    case 'show':
      return [...change.turns];
    case 'turn':
      return [...turns.slice(0, change.index), change.turn];
    case 'piece':
      return turns.map((turn, i) =>
        i === change.index
          ? { ...turn, reasoning: turn.reasoning + change.reasoning, text: turn.text + change.text }
          : turn,
      );
    case 'head':
      return turns.map((turn, i) =>
        i === change.index ? { ...change.head, reasoning: turn.reasoning, text: turn.text } : turn,
      );
  }
}

export function streaming(turns: readonly Turn[]): boolean {
  return turns.at(-1)?.state === 'streaming';
}
