// Buttons in the text that set a figure up: data-for names it, data-set-NAME is an attribute, data-call a method.

export function settings() {
  for (const button of document.querySelectorAll('button[data-for]')) {
    button.addEventListener('click', async () => {
      const figure = document.getElementById(button.dataset.for);
      for (const { name, value } of button.attributes) {
        if (name.startsWith('data-set-'))
          figure.setAttribute(name.slice('data-set-'.length), value);
      }
      await figure.updateComplete;
      figure[button.dataset.call]?.();
    });
  }
}
