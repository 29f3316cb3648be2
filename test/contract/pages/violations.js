// Collects what the page’s policy refused, and what was thrown.
window.violations = [];
window.thrown = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(
    `${event.effectiveDirective}: ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`,
  );
});
window.addEventListener('error', (event) => window.thrown.push(event.message));
window.addEventListener('unhandledrejection', (event) => window.thrown.push(String(event.reason)));
