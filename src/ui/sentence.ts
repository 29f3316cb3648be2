// The sentence as a line of buttons, with whatever a figure has to show at each word.

import { css, html, nothing, type TemplateResult } from 'lit';
import type { NumberWriter } from '../model/describe.js';
import type { FollowingStrings } from '../model/following-strings.js';
import type { Reading } from '../model/reading.js';
import { isSkipped, type SessionState } from '../model/session.js';
import type { Strings } from '../model/strings.js';
import { classes } from './classes.js';
import { consecutive } from './consecutive.js';

/** Of a longer text, so many words around the present one. */
const wordsAtMost = 60;

/** What a figure adds to a word. */
export interface WordNote {
  /** Further classes; `marked` is a mark of its own. */
  readonly look?: string;
  /** What follows the word's name, for who can't see it; empty for nothing. */
  readonly says?: string;
  /** What stands below the word. */
  readonly content?: unknown;
}

export interface SentenceView {
  readonly state: SessionState;
  /** Tells which words are known. */
  readonly reading: Reading | undefined;
  readonly rtl: boolean;
  readonly labels: Strings;
  readonly strings: FollowingStrings;
  readonly numbers: NumberWriter;
  readonly seek: (step: number) => void;
  /** What stands above the words. */
  readonly caption?: unknown;
  /** Class of the line. */
  readonly look?: string;
  readonly note?: (word: number) => WordNote;
  /** A word that has to be in sight, whichever is read; null for none. */
  readonly keep?: number | null;
}

export function sentence(view: SentenceView): TemplateResult {
  const { state, strings, numbers, caption = nothing, look = '' } = view;
  const { tokens, step } = state;
  const middle = Math.max(0, Math.min(step - wordsAtMost / 2, tokens.length - wordsAtMost));
  const keep = view.keep ?? middle;
  const from = Math.max(keep - wordsAtMost + 1, Math.min(middle, keep));
  const to = Math.min(tokens.length, from + wordsAtMost);
  return html`<div class="sentence">
    <p class="label">
      ${caption}
      ${
        to - from < tokens.length
          ? strings.window(numbers.whole(from + 1), numbers.whole(to), numbers.whole(tokens.length))
          : nothing
      }
    </p>
    <div
      class=${`words ${look}`}
      part="words"
      role="group"
      aria-label=${strings.sentence}
      dir=${view.rtl ? 'rtl' : 'ltr'}
    >
      ${consecutive(from, to, (word) => wordButton(view, word))}
    </div>
  </div>`;
}

function wordButton(view: SentenceView, word: number): TemplateResult {
  const { state, reading, labels } = view;
  const now = state.step - 1;
  const { text } = state.tokens[word];
  const skipped = isSkipped(state, word);
  const { look = '', says = '', content = nothing } = view.note?.(word) ?? {};
  const name = labels.goTo(text, word + 1);
  const added = skipped ? labels.intervention.skipped(text, '') : says;
  return html`<button
    class=${classes({
      word: true,
      past: word < now,
      now: word === now,
      future: word > now,
      unknown: reading ? !reading.model.knows(state.tokens[word]) : false,
      skipped,
      [look]: look !== '',
    })}
    part=${`word word-${word < now ? 'past' : word === now ? 'now' : 'future'}`}
    type="button"
    tabindex=${word === Math.max(0, now) ? 0 : -1}
    aria-current=${word === now ? 'step' : nothing}
    aria-label=${added ? `${name}, ${added}` : name}
    @click=${() => {
      view.seek(word + 1);
    }}
  >
    <bdi title=${text.length > 12 ? text : nothing}>${text}</bdi>
    ${content}
  </button>`;
}

export const sentenceStyles = css`
  .words {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 4px;
  }

  .word {
    display: grid;
    justify-items: center;
    gap: 3px;
    max-inline-size: 9em;
    min-inline-size: 34px;
    padding-inline: 4px;
    overflow: visible;
  }

  .word bdi {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    border-block-end: 3px solid transparent;
  }

  .word.now bdi {
    border-block-end-color: var(--_now);
  }

  .word.marked bdi {
    border-block-end: 3px dotted var(--_memory);
  }

  .sentence .label {
    margin-block-end: 4px;
  }

  @media (forced-colors: active) {
    .word:not(.now, .marked) bdi {
      border-block-end-color: Canvas;
    }
  }
`;
