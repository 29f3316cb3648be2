// What a reader does on a page that is driven from outside: functions that run in the page, and see nothing of the test.

/** Reads the page's visualizer to the end by clicks, and tells what stands there. It waits for trained weights. */
export async function readToTheEnd(): Promise<{ badge: string; said: string; title: string }> {
  const element = document.querySelector('rnn-visualizer')!;
  const seen = (part: string): string =>
    (element.shadowRoot?.querySelector(part)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  while (!seen('[part~=badge]').startsWith('Trained')) await new Promise(requestAnimationFrame);
  const next = element.shadowRoot!.querySelector<HTMLElement>('[part~=next]')!;
  while (next.ariaDisabled !== 'true') {
    next.click();
    await element.updateComplete;
  }
  const { title } = document;
  return { badge: seen('[part~=badge]'), said: seen('[role=status]'), title };
}

/** Trains the page's trainer, and tells where. */
export async function train(): Promise<string> {
  const element = document.querySelector('rnn-trainer')!;
  const complete = new Promise((resolve) => {
    element.addEventListener('rnn-train-complete', resolve);
  });
  element.start();
  await complete;
  await element.updateComplete;
  return /Trained [oi][^.]*\./.exec(element.shadowRoot!.textContent)?.[0] ?? '';
}
