// Arrow keys, Home and End through a sequence, whichever way it runs.

/** What has a use of its own for these keys. */
const busy = 'textarea, select, input, summary, .table-scroll';

/** Whether a key belongs to browser or system: Alt and an arrow go back in history. */
export const hasModifier = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.metaKey || event.altKey;

/**
 * Where a key leads, and that it is used up; null, and nothing happens, if it leads nowhere.
 * @param at the present place.
 * @param last where End leads; Home leads to 0.
 * @param rtl whether the sequence runs to the left.
 * @param upright whether the keys up and down go through it as well.
 */
export function placeOf(
  event: KeyboardEvent,
  at: number,
  last: number,
  rtl: boolean,
  upright: boolean,
): number | null {
  const { key, target } = event;
  if (event.defaultPrevented || hasModifier(event)) return null;
  if ((target as Element).matches(busy)) return null;
  const onward = rtl ? -1 : 1;
  const places: Record<string, number | undefined> = {
    ArrowRight: at + onward,
    ArrowLeft: at - onward,
    ...(upright && { ArrowDown: at + 1, ArrowUp: at - 1 }),
    Home: 0,
    End: last,
  };
  const place = places[key];
  if (place === undefined) return null;
  event.preventDefault();
  return place;
}

/**
 * Stops, at a shadow root, a key that was used in it or that a control in it uses by itself. The page would take it for
 * one of its own, for it can't see a field or a button in there.
 */
export function keepUsed(event: Event): void {
  const { currentTarget, defaultPrevented, key, target } = event as KeyboardEvent;
  const control = target as Element;
  // what is slotted is the page's
  if (!(currentTarget as Node).contains(control)) return;
  const used = control.matches('button, summary')
    ? /^(Enter| )$/
    : control.matches('textarea, select, [type=number]')
      ? /^(?!Tab|Esc|F\d)/
      : control.matches(busy) && /^(Arrow|Home|End|Page| )/;
  if (defaultPrevented || (used && used.test(key) && !hasModifier(event as KeyboardEvent)))
    event.stopPropagation();
}
