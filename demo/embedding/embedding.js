// Shows what a figure tells the page around it, what a policy refused, and what the library said in the console.

/** Puts text into one of the page's outputs, if it has it. */
const show = (id, text) => {
  const output = document.getElementById(id);
  if (output) output.value = text;
};

let violations = 0;
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (blockedURI.endsWith('/favicon.ico')) return; // which Firefox and WebKit ask for by themselves
  show('violations', `${++violations}, the last one ${effectiveDirective} ${blockedURI}`);
});

const { info } = console;
const said = [];
console.info = (...values) => {
  said.push(values.join(' '));
  show('console', said.join('\n'));
  info.apply(console, values);
};

for (const name of ['rnn-ready', 'rnn-step', 'rnn-complete', 'rnn-cell-change', 'rnn-error']) {
  document.addEventListener(name, ({ detail }) =>
    show('events', `${name} ${JSON.stringify(detail)}`),
  );
}
