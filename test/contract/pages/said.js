// Collects what is said in the console.
window.said = [];
for (const level of ['info', 'warn', 'error']) {
  console[level] = (...values) => window.said.push(`${level}: ${values.join(' ')}`);
}
