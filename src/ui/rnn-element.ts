// What every element of the library is: at work once it is near the reader, and able to take over what a server drew.

import {
  adoptStyles,
  isServer,
  LitElement,
  type PropertyDeclarations,
  type PropertyValues,
} from 'lit';
import { keepUsed } from './keys.js';
import { inherited } from './language.js';
import { isAsMeant, takesOver } from './served.js';
import { Width } from './width.js';

export abstract class RnnElement extends LitElement {
  static override properties: PropertyDeclarations = {
    theme: { reflect: true, useDefault: true },
    loading: {},
    served: { state: true },
    awake: { state: true },
  };

  /**
   * Light, dark, or as the page's `color-scheme` says.
   * @type {'auto' | 'light' | 'dark'}
   */
  theme = 'auto';

  /**
   * When weights load and networks run: once the element is within a window's height of what is seen, or a method is
   * called, or an element that follows it is there; or at once.
   * @type {'lazy' | 'eager'}
   */
  loading = 'lazy';

  /**
   * Whether the frame is one that a server draws, or drew and is being taken over: nothing is known of width, children
   * and language of the page.
   */
  protected served = isServer;
  protected readonly width = new Width(this, () => !this.served);
  private awake = false;
  private nearness: IntersectionObserver | undefined;

  /** Whether nothing is to be loaded or computed yet. */
  protected get asleep(): boolean {
    return this.served || !(this.awake || this.loading === 'eager');
  }

  /**
   * Loads and computes from now on, wherever the element is.
   * @internal
   */
  wake(): void {
    this.awake = true;
    this.nearness?.disconnect();
  }

  /** Language of the element, as far as it is known. */
  protected get locale(): string {
    return this.served ? (this.getAttribute('lang') ?? '') : inherited(this, 'lang');
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const { shadowRoot } = this;
    const root = super.createRenderRoot();
    root.addEventListener('keydown', keepUsed);
    if (!shadowRoot) return root;
    // A server drew it. Its <style> may have been refused, and adopted styles make it superfluous.
    adoptStyles(shadowRoot, (this.constructor as typeof LitElement).elementStyles);
    shadowRoot.querySelector('style')?.remove();
    this.served = takesOver(this, shadowRoot);
    if (!this.served) {
      shadowRoot.replaceChildren();
      this.renderOptions.renderBefore = null;
    }
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.awake) return;
    if (this.isNear()) {
      this.wake();
      return;
    }
    this.nearness = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.wake();
      },
      { rootMargin: '100%' },
    );
    this.nearness.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.nearness?.disconnect();
  }

  /** What the observer would say, without waiting for a frame. */
  private isNear(): boolean {
    const { width, top, bottom } = this.getBoundingClientRect();
    return (
      width > 0 &&
      bottom > -innerHeight &&
      top < 2 * innerHeight &&
      // what is closed in a <details> has a box all the same
      (this as Partial<Element>).checkVisibility?.() !== false
    );
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    if (this.served && !isAsMeant(this.render(), this.renderRoot))
      throw new Error('drawn otherwise');
  }

  /** Nothing that goes wrong in a drawing reaches the page: it learns of it by `rnn-error` only. */
  protected override performUpdate(): void {
    try {
      super.performUpdate();
    } catch (error) {
      if (this.served) {
        // another version's server drew something else, or it was changed on its way
        const end = document.createComment('');
        this.renderRoot.replaceChildren(end);
        this.renderOptions.renderBefore = end;
        this.takeOver();
      } else this.broke(error);
    }
  }

  /** A drawing failed; the last good one is left. */
  protected abstract broke(error: unknown): void;

  protected override firstUpdated(): void {
    if (this.served) this.takeOver();
  }

  /** What a server drew is this element's own now, or has gone. */
  protected takeOver(): void {
    this.served = false;
    this.width.measure();
  }
}
