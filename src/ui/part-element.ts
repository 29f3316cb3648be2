// What every element is that draws nothing itself: attributes in, events out, and a part that loads on demand in between.

import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { RnnErrorEvent, type ErrorDetail } from '../events.js';
import { englishFollowing } from '../model/following-strings.js';
import { english, type Strings } from '../model/strings.js';
import { addStyles } from './part-styles.js';
import { problemText } from './problems.js';
import { RnnElement } from './rnn-element.js';
import type { Templates } from './templates.js';

/** What a part is given: what it may not import a second time. */
export interface PartHost {
  readonly templates: Templates;
  readonly strings: Strings;
  /** Something to be drawn has changed. */
  readonly redraw: () => void;
}

/** The part, as the class sees it. */
export interface Part {
  problems(): readonly ErrorDetail[];
}

/** A part that has loaded: how it looks, and how one is made. */
export interface LoadedPart<P> {
  readonly css: string;
  readonly make: (host: PartHost) => P;
}

/**
 * @fires {RnnErrorEvent} rnn-error - Something could not be done; the element shows the same message.
 */
export abstract class PartElement<P extends Part> extends RnnElement {
  protected panel: P | undefined;
  /** Whether the part is on its way. */
  private opening = false;
  /** Whether the part's styles are there: they stay when the part goes. */
  private styled = false;
  /** Why nothing can be shown. */
  private unavailable: string | null = null;
  private reported = new Set<string>();

  /** Asks for the file of the part. */
  protected abstract load(): Promise<LoadedPart<P>>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unavailable = null;
    if (!this.asleep) void this.open();
  }

  private async open(): Promise<void> {
    if (this.opening || this.panel) return;
    this.opening = true;
    try {
      const { css, make } = await this.load();
      if (!this.isConnected) return;
      this.panel = make({
        templates: { html, svg, nothing },
        strings: english,
        redraw: () => {
          this.requestUpdate();
        },
      });
      if (!this.styled) addStyles(this, css);
      this.styled = true;
    } catch (error) {
      this.unavailable = String(error);
    } finally {
      this.opening = false;
      this.requestUpdate();
    }
  }

  protected override update(changed: PropertyValues): void {
    if (this.isConnected && !this.asleep && this.unavailable === null) void this.open();
    super.update(changed);
  }

  /** Whether the part was there before, and is on its way again. */
  protected get returning(): boolean {
    return !this.panel && this.styled && this.unavailable === null;
  }

  /** What stands there until the part does. */
  protected waiting(): TemplateResult {
    return html`<slot></slot>${problemText(this.problems().map(({ message }) => message))}`;
  }

  private problems(): readonly ErrorDetail[] {
    const { panel, unavailable } = this;
    if (unavailable === null) return panel?.problems() ?? [];
    return [{ code: 'figure-load-failed', message: englishFollowing.unavailable(unavailable) }];
  }

  protected override broke(error: unknown): void {
    this.unavailable = String(error);
    this.updated();
  }

  protected override updated(): void {
    const found = this.problems();
    for (const each of found) {
      if (!this.reported.has(each.message)) this.dispatchEvent(new RnnErrorEvent(each));
    }
    this.reported = new Set(found.map(({ message }) => message));
  }
}
