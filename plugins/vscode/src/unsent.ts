// What a model was not shown of a question, in words.
import { l10n } from 'vscode';

import { inWords } from './figures.ts';
import type { Unsent } from './protocol.ts';

/** Of many files, so many are named. */
const MOST_NAMES = 3;

/** '' where everything went out as it is. */
export function unsent({ leftOut, masked = 0, keptHere = [] }: Unsent): string {
  const said = [];
  const what = [];
  if (leftOut?.turns === 1) what.push(l10n.t('the oldest turn'));
  else if (leftOut?.turns) what.push(l10n.t('the {0} oldest turns', inWords(leftOut.turns)));
  for (const item of leftOut?.items ?? []) what.push(l10n.t('all or a part of {0}', item));
  if (what.length > 0) said.push(l10n.t('Left out, because it does not fit the model: {0}', what.join(', ')));
  if (masked === 1) said.push(l10n.t('1 likely secret was masked'));
  else if (masked > 1) said.push(l10n.t('{0} likely secrets were masked', inWords(masked)));
  if (keptHere.length > 0) said.push(l10n.t('Kept here by privacy.exclude: {0}', names(keptHere)));
  return said.join(' · ');
}

function names(all: readonly string[]): string {
  const named = all.slice(0, MOST_NAMES).join(', ');
  const more = all.length - MOST_NAMES;
  return more > 0 ? l10n.t('{0} and {1} more', named, inWords(more)) : named;
}
