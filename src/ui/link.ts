// Finds the element that another one follows: by its id in the same document or shadow root, whichever comes first.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CellType } from '../engine/index.js';
import type { SentenceModel } from '../model/sentence-model.js';
import type { ReadingSession } from '../model/session.js';

/** What can be followed. Asked for by its members, since it may come from another copy of the library. */
export interface Followed extends HTMLElement {
  readonly session: ReadingSession;
  /** Not there in versions that did not wait until they were near. */
  wake?(): void;
  linkedSeek(step: number): void;
  linkedModels(models: ReadonlyMap<CellType, SentenceModel>): void;
  readonly htmlFor?: string | null;
}

/** What follows something itself has no session of its own to share. */
export const canBeFollowed = (element: Partial<Followed>): element is Followed =>
  element.linkedModels !== undefined && 'intervene' in (element.session ?? {}) && !element.htmlFor;

/** How long to wait for the element with that id before saying that there is none, in milliseconds. */
const patience = 3000;

export class Link<Target extends HTMLElement = Followed> implements ReactiveController {
  target: Target | null = null;
  /** Whether nothing has come for so long that it is to be said. */
  lost = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly awaited = new Set<string>();
  private observer: MutationObserver | undefined;
  private root: Document | ShadowRoot | null = null;

  /**
   * @param id what to look for; empty for nothing.
   * @param changed called when another element, or none, is there to be followed, and whenever the search begins anew.
   * @param accepts whether an element with that id is what is looked for.
   */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly id: () => string,
    private readonly changed: () => void,
    private readonly accepts: (element: HTMLElement) => boolean = canBeFollowed,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const root = this.host.getRootNode();
    // an element in a tree that is not on the page yet has no neighbours to follow
    this.root = root instanceof Document || root instanceof ShadowRoot ? root : null;
    this.observer = new MutationObserver(this.find);
    this.observe();
  }

  hostDisconnected(): void {
    this.observer?.disconnect();
    this.observer = undefined;
    this.root = null;
    this.find();
    clearTimeout(this.waiting);
  }

  /** To be called when the id has changed. */
  observe(): void {
    this.observer?.disconnect();
    if (this.id() && this.root) {
      this.observer?.observe(this.root, {
        childList: true,
        subtree: true,
        attributeFilter: ['id'],
      });
    }
    this.target = null;
    this.find();
    if (!this.target) this.settle();
  }

  private settle(): void {
    clearTimeout(this.waiting);
    this.lost = false;
    if (this.id() && this.root && !this.target) {
      this.waiting = setTimeout(() => {
        this.lost = true;
        this.host.requestUpdate();
      }, patience);
    }
    this.changed();
  }

  private readonly find = (): void => {
    const id = this.id();
    const found = id ? (this.root?.getElementById(id) ?? null) : null;
    const target =
      found && found !== this.host && this.accepts(found) ? (found as unknown as Target) : null;
    // its script may come later
    if (found?.matches(':not(:defined)') && !this.awaited.has(found.localName)) {
      this.awaited.add(found.localName);
      void customElements.whenDefined(found.localName).then(this.find);
    }
    if (target === this.target) return;
    this.target = target;
    this.settle();
  };
}
