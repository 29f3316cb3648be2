// Collects what the page's policy refused, and what was thrown, for robustness.test.ts.
window.violations = [];
window.thrown = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(
    `${event.effectiveDirective}: ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`,
  );
});
window.addEventListener('error', (event) => window.thrown.push(event.message));
window.addEventListener('unhandledrejection', (event) => window.thrown.push(String(event.reason)));
