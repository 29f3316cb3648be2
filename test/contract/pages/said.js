// Collects what is said in the console, for embed.test.ts and standalone.test.ts.
window.said = [];
for (const level of ['info', 'warn', 'error']) {
  console[level] = (...values) => window.said.push(`${level}: ${values.join(' ')}`);
}
