// Which words are in sight: columns or rows, the scrolled window of a long sentence, and what moves when a step is made.

import type { SessionState } from '../../model/index.js';
import { fittingColumn, scrollingColumn } from './columns.js';
import { rowHeight, rowsAtMost } from './rows.js';

/** Words drawn beyond the visible ones, so that scrolling shows no gaps. */
const overscan = 6;
/** Below this width words are rows whatever their number. */
const columnsFrom = 560;

/** The arrangement of one state of the session at one width. */
export class Sight {
  readonly asRows: boolean;
  /** Width of a column in CSS pixels. */
  readonly column: number;
  /** Whether the sentence is longer than its room, so that it scrolls inside the element. */
  readonly scrolls: boolean;
  /** First word drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly followedOutOfSight: boolean;
  private readonly unit: number;

  /**
   * @param offset how far the reader has scrolled inside the element, in CSS pixels.
   * @param em size of the page's text, as a multiple of 16 px.
   */
  constructor(
    state: SessionState,
    width: number,
    layout: 'auto' | 'columns' | 'rows',
    private readonly rtl: boolean,
    offset: number,
    em: number,
  ) {
    const total = state.tokens.length;
    const fitting = fittingColumn(width, state, em);
    this.asRows =
      layout === 'rows' || (layout === 'auto' && (width < columnsFrom || fitting === null));
    this.column = fitting ?? scrollingColumn;
    this.unit = this.asRows ? rowHeight : this.column;
    this.scrolls = this.asRows ? total > rowsAtMost : fitting === null;
    if (!this.scrolls) {
      this.from = 0;
      this.to = total;
      this.followedOutOfSight = false;
      return;
    }
    const shown = this.asRows ? rowsAtMost : Math.ceil(width / this.column);
    const first = Math.floor(offset / this.unit);
    this.from = Math.max(0, Math.min(first - overscan, total - shown));
    this.to = Math.min(total, first + shown + overscan);
    const middle = (state.follow + 0.5) * this.unit;
    this.followedOutOfSight =
      state.follow >= 0 &&
      (middle < offset || (this.asRows && middle > offset + shown * this.unit));
  }

  /** How far an element's scroll box is scrolled along the sequence. */
  offsetOf(box: Element): number {
    return this.asRows ? box.scrollTop : Math.abs(box.scrollLeft);
  }

  /** How far the element's scroll box is scrolled now; 0 if it has none. */
  position(root: ParentNode): number {
    const box = this.box(root);
    return box && this.scrolls ? this.offsetOf(box) : 0;
  }

  private box(root: ParentNode): Element | null {
    return root.querySelector(this.asRows ? '.rows-scroll' : '.scroller');
  }

  /**
   * Brings a word into view inside the element; the page stays where the reader put it.
   */
  reveal(root: ParentNode, word: number): void {
    const box = this.box(root);
    if (!box || !this.scrolls) return;
    const room = this.asRows ? box.clientHeight : box.clientWidth;
    const at = Math.max(0, word) * this.unit;
    const offset = this.offsetOf(box);
    if (at >= offset + this.unit && at + 2 * this.unit <= offset + room) return;
    const target = Math.max(0, at - room * 0.6);
    if (this.asRows) box.scrollTop = target;
    else box.scrollLeft = (this.rtl ? -1 : 1) * target;
  }

  /** Lets the present state move from the place of the word before to its own: the hand-over. */
  travel(root: ParentNode, duration: number): void {
    const from = this.asRows
      ? `translate(0px, ${-rowHeight}px)`
      : `translate(${(this.rtl ? 1 : -1) * this.column}px, 0px)`;
    const frames = [
      { transform: from, opacity: 0.4 },
      { transform: 'none', opacity: 1 },
    ];
    const selector = this.asRows ? '.strip.now .travels' : '.state.now .travels';
    for (const state of root.querySelectorAll(selector)) {
      state.animate(frames, { duration, easing: 'cubic-bezier(.2, .7, .2, 1)' });
    }
  }
}
