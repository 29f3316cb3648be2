// Shows the order of computation when a step is drawn: vectors and lines light up stage by stage.

/** From one stage to the next, and how long each takes, in milliseconds: with at most six stages, 380 in all. */
const pace = 44;
const glow = 160;

/** Lets the drawing light up along the flow. */
export function flow(drawing: Element): void {
  stopFlow(drawing);
  for (const part of drawing.querySelectorAll<SVGElement>('[data-stage]')) {
    const options = {
      duration: glow,
      delay: Number(part.dataset['stage']) * pace,
      easing: 'ease-out',
      fill: 'backwards',
    } as const;
    if (part.matches('.line')) {
      part.animate([{ stroke: 'var(--_now)', strokeWidth: 3 }, {}], { ...options, fill: 'none' });
    } else part.querySelector('.units')?.animate([{ opacity: 0 }, { opacity: 1 }], options);
  }
}

/** Ends it at once, with everything drawn. */
export function stopFlow(drawing: Element): void {
  for (const animation of drawing.getAnimations({ subtree: true })) animation.cancel();
}
