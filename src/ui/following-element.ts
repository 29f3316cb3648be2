// What every figure is that can follow another one: it shows the session of that one, and moves it.

import type { PropertyDeclarations, PropertyValues } from 'lit';
import { englishFollowing } from '../model/following-strings.js';
import type { Reading } from '../model/reading.js';
import { RnnReadyEvent, RnnStepEvent, type ErrorDetail, type StepDetail } from '../events.js';
import { placeOf } from './keys.js';
import { startsRightToLeft } from './language.js';
import { Link } from './link.js';
import { ReadingElement } from './reading-element.js';
import type { SentenceView } from './sentence.js';

export abstract class FollowingElement<
  Control extends string = never,
> extends ReadingElement<Control> {
  static override properties: PropertyDeclarations = {
    htmlFor: { attribute: 'for' },
  };

  /**
   * The id of a `<rnn-visualizer>` in the same document or shadow root, whose text, weights, step and cell are shown. It
   * may come later. Without it, the element reads a text of its own.
   * @attr for
   */
  htmlFor = '';

  private readonly own = this.session;
  private readonly link: Link = new Link(
    this,
    () => this.htmlFor,
    () => {
      this.relink();
    },
  );
  private followed: EventTarget | null = null;
  private moving = false;

  /** Words read so far. Setting it moves there, with the followed element, without an event. */
  override get step(): number {
    return this.standsAlone ? super.step : this.session.state.step;
  }
  override set step(value: number) {
    if (this.hasUpdated && !this.standsAlone) this.seek(value);
    else super.step = value;
  }

  /**
   * Goes to the state after `step` words, here and in the followed element. Fires no event.
   * @param step words read, from 0.
   */
  override seek(step: number): void {
    if (this.standsAlone) super.seek(step);
    else this.guard(() => this.session.seek(step));
  }

  // ---- following another element ----------------------------------------------------------------------------------

  protected override get standsAlone(): boolean {
    return !this.htmlFor;
  }

  /** Called when the followed element was moved, and this one with it. */
  protected moved?(detail: StepDetail): void;

  private relink(): void {
    const { target } = this.link;
    this.followed?.removeEventListener('rnn-step', this.relay);
    this.followed = target;
    target?.addEventListener('rnn-step', this.relay);
    // what was followed last is shown on when it has gone
    if (target) this.use(target.session);
    this.requestUpdate();
  }

  private readonly relay = (event: Event): void => {
    if (this.moving || event.target !== this.followed) return;
    const { detail } = event as CustomEvent<StepDetail>;
    this.moved?.(detail);
    this.dispatchEvent(new RnnStepEvent({ ...detail, trigger: 'linked' }));
  };

  /** Goes, for the reader, to a step, here or in the followed element, which this one then follows. */
  protected readonly seekHere = (step: number): void => {
    this.moving = true;
    const { target } = this.link;
    this.go(
      step,
      'user',
      target?.session === this.session
        ? () => {
            target.linkedSeek(step);
          }
        : undefined,
    );
    this.moving = false;
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('htmlFor')) {
      this.link.observe();
      if (!this.htmlFor) this.use(this.own);
    }
    super.willUpdate(changed);
    if (!this.asleep) this.link.target?.wake?.();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { kind, loading, cells } = this.snapshot;
    if (!this.standsAlone && !this.ready && kind && !loading) {
      this.ready = true;
      this.dispatchEvent(new RnnReadyEvent({ cells, kind }));
    }
  }

  protected override problems(): ErrorDetail[] {
    const found = super.problems();
    if (this.link.lost) {
      found.push({ code: 'bad-attribute', message: englishFollowing.lost(this.htmlFor) });
    }
    return found;
  }

  // ---- the sentence, as all of them show it -----------------------------------------------------------------------

  protected get rtl(): boolean {
    return startsRightToLeft(this.snapshot.tokens);
  }

  /** What `sentence` draws, for whatever the figure adds to it. */
  protected sentenceView(reading: Reading | undefined): SentenceView {
    return {
      state: this.snapshot,
      reading,
      rtl: this.rtl,
      labels: this.strings,
      strings: englishFollowing,
      numbers: this.numbers,
      seek: this.seekHere,
    };
  }

  /** Goes through the sentence by arrow keys, Home and End; the focus stays on the present word. */
  protected readonly sentenceKey = (event: KeyboardEvent): void => {
    const { step, tokens } = this.snapshot;
    const onWord = (event.target as Element).matches('.word');
    const to = placeOf(event, step, tokens.length, this.rtl, onWord);
    if (to === null) return;
    this.seekHere(to);
    if (onWord) void this.focusOn('.word[tabindex="0"]');
  };

  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<SVGElement | HTMLElement>(selector)?.focus();
  }

  /**
   * `aria-live` of what is told about each step: the followed element tells its own reader, and two voices at once are
   * none. Whoever uses it redraws at `focusin` and `focusout` (`hear`), so that it is settled before the text changes.
   */
  protected get voice(): 'polite' | 'off' {
    return this.standsAlone || (!this.served && this.matches(':focus-within')) ? 'polite' : 'off';
  }

  protected readonly hear = (): void => {
    this.requestUpdate();
  };
}
