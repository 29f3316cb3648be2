// What could not be done, in the reader's words: the messages in the element and the details of `rnn-error`.

import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorDetail } from '../events.js';
import type { NumberWriter } from '../model/describe.js';
import { maximumTokens, type SessionState } from '../model/session.js';
import type { Strings } from '../model/strings.js';

export function problemsOf(
  badValues: readonly string[],
  state: SessionState,
  failed: boolean,
  strings: Strings,
  numbers: NumberWriter,
): ErrorDetail[] {
  const found: ErrorDetail[] = badValues.map((message) => ({ code: 'bad-attribute', message }));
  const { problem, kind } = state;
  if (problem?.code === 'text-too-long') {
    const [count, limit] = [problem.count ?? 0, maximumTokens].map((n) => numbers.whole(n));
    const kept = state.tokens.length > 0 ? ` ${strings.problem.textKept}` : '';
    found.push({ code: problem.code, message: strings.problem.textTooLong(count, limit) + kept });
  } else if (problem?.code === 'state-overflow') {
    const message = strings.problem.overflow(numbers.whole(problem.count ?? 0));
    found.push({ code: problem.code, message });
  } else if (problem) {
    const fallback = kind === 'random' ? ` ${strings.problem.fallback}` : '';
    const message = strings.problem.loadFailed(problem.reason ?? '') + fallback;
    found.push({ code: problem.code, message });
  }
  if (failed) found.push({ code: 'internal-error', message: strings.problem.internal });
  return found;
}

/** A message for the reader's eyes about what could not be done. */
export function problemText(problems: readonly string[]): TemplateResult | typeof nothing {
  return problems.length === 0
    ? nothing
    : html`<span class="problem" part="problem">${problems.join(' ')}</span>`;
}
