// Auto play: a timer that stops by itself when the element leaves the page or the tab is hidden.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Player implements ReactiveController {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;

  /**
   * @param tick does one step; false when there is nothing left to do.
   * @param interval milliseconds between two steps, read before each.
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly tick: () => boolean,
    private readonly interval: () => number,
    private readonly stopped: () => void,
  ) {
    host.addController(this);
  }

  get playing(): boolean {
    return this.running;
  }

  /** @returns whether it started now. */
  start(): boolean {
    if (this.running) return false;
    this.running = true;
    document.addEventListener('visibilitychange', this.visibility);
    this.schedule(Math.min(this.interval(), 300));
    this.host.requestUpdate();
    return true;
  }

  /** @returns whether it was running. */
  stop(): boolean {
    if (!this.running) return false;
    this.running = false;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.visibility);
    this.host.requestUpdate();
    return true;
  }

  hostDisconnected(): void {
    if (this.stop()) this.stopped();
  }

  private readonly visibility = (): void => {
    clearTimeout(this.timer);
    if (!document.hidden) this.schedule(this.interval());
  };

  private schedule(delay: number): void {
    this.timer = setTimeout(() => {
      if (this.tick()) this.schedule(this.interval());
      else if (this.stop()) this.stopped();
    }, delay);
  }
}
