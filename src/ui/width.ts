// Tells an element how wide it is and how large its text, and asks for an update when the width changes.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What is assumed before anything was measured: a blog column. */
const assumed = 680;

export class Width implements ReactiveController {
  value = assumed;
  /** Size of the page's text, as a multiple of 16 px. */
  em = 1;
  private observer: ResizeObserver | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;

  /** @param measurable whether the present box may be measured at once; else it is when `measure` is called. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly measurable: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      clearTimeout(this.later);
      // a hidden element keeps its last layout
      if (width === 0 || width === this.value) return;
      // drawing at once would change the observed height as well, which browsers report to the page as an error
      this.later = setTimeout(() => {
        this.value = width;
        this.measureText();
        this.host.requestUpdate();
      });
    });
    this.observer.observe(this.host);
    if (this.measurable()) this.measure();
  }

  /** Measures, without asking for an update. */
  measure(): void {
    const now = this.host.offsetWidth; // as laid out, however the page may scale it
    if (now > 0) this.value = now;
    this.measureText();
  }

  private measureText(): void {
    this.em = (parseFloat(getComputedStyle(this.host).fontSize) || 16) / 16;
  }

  hostDisconnected(): void {
    this.observer?.disconnect();
    clearTimeout(this.later);
  }
}
