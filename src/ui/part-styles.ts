// Puts the styles of a part that loads on demand into an element: a constructed sheet is what strict pages allow.

export function addStyles({ shadowRoot }: HTMLElement, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  shadowRoot?.adoptedStyleSheets.push(sheet);
}
