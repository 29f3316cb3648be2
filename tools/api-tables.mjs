// Writes the reference tables of README.md from custom-elements.json; part of npm run docs
//   node tools/api-tables.mjs --check    writes nothing and fails if they are out of date
import { tables } from './api.mjs';
import { declared } from './manifest.mjs';
import { section } from './markdown.mjs';

function table({ title, head, rows }) {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells, i) =>
      `| ${cells.map((cell) => (i > 1 ? cell.replaceAll('|', '\\|') : cell)).join(' | ')} |`,
  );
  return `### ${title}\n\n${lines.join('\n')}\n`;
}

const elements = declared().map(
  (each) => `## Reference: \`<${each.tagName}>\`\n\n${tables(each).map(table).join('\n')}`,
);
const check = process.argv.includes('--check');
const fresh = await section('README.md', 'api', elements.join('\n'), { check });
if (check && !fresh) {
  console.error('README.md is out of date: run "npm run docs" and commit it');
  process.exitCode = 1;
}
