// Writes the reference tables of README.md from custom-elements.json: npm run docs
//   node tools/api-tables.mjs --check    writes nothing and fails if they are out of date
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { section } from './markdown.mjs';
import { root } from './run.mjs';

const read = (file) => readFileSync(join(root, file), 'utf8');

/** The fields of every event's `detail` (the manifest does not hold them), by its type. */
function eventDetails(file) {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const fields = source.statements
    .filter(ts.isInterfaceDeclaration)
    .map(({ name, members }) => [name.text, members.map((member) => member.name.getText())]);
  return new Map([['null', []], ...fields]);
}

const text = (value = '') => value.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const code = (value) => (value ? `\`${text(value)}\`` : '');
const codes = (values) => values.map(code).join(', ');

function table(title, head, rows) {
  if (!rows.length) return '';
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `### ${title}\n\n${lines.join('\n')}\n`;
}

function tables(element, details) {
  const fields = element.members.filter(({ kind, static: fixed }) => kind === 'field' && !fixed);
  const methods = element.members.filter(({ kind }) => kind === 'method');
  const named = (items = []) => items.filter(({ name }) => name !== undefined);
  const signature = ({ name, parameters = [], return: result }) => {
    const list = parameters
      .map(
        ({ name: each, type, optional, default: fallback }) =>
          each + (optional || fallback ? '?' : '') + (type ? `: ${type.text}` : ''),
      )
      .join(', ');
    const type = result?.type.text ?? 'void';
    return `${name}(${list})${type === 'void' ? '' : `: ${type}`}`;
  };
  return [
    table(
      'Attributes and properties',
      ['Attribute', 'Property', 'Type', 'Default', 'What it does'],
      fields.map((each) => [
        code(each.attribute),
        code(each.name) + (each.readonly ? ' (read-only)' : ''),
        code(each.type?.text),
        code(each.default),
        text(each.description),
      ]),
    ),
    table(
      'Methods',
      ['Method', 'What it does'],
      methods.map((each) => [code(signature(each)), text(each.description)]),
    ),
    table(
      'Events',
      ['Event', 'Fields of `detail`', 'When'],
      named(element.events).map(({ name, type, description }) => [
        code(name),
        codes(details.get(type.text.replace(/^CustomEvent<(.+)>$/, '$1'))) || 'none',
        text(description),
      ]),
    ),
    table(
      'Slots',
      ['Slot', 'What goes there'],
      named(element.slots).map(({ name, description }) => [
        code(name) || '(none)',
        text(description),
      ]),
    ),
    table(
      'Parts',
      ['`::part()`', 'What it is'],
      named(element.cssParts).map(({ name, description }) => [code(name), text(description)]),
    ),
    table(
      'Custom properties',
      ['Property', 'Default', 'What it colours'],
      named(element.cssProperties).map(({ name, default: value, description }) => [
        code(name),
        code(value),
        text(description),
      ]),
    ),
  ].join('\n');
}

const { modules } = JSON.parse(read('custom-elements.json'));
const details = eventDetails('src/events.ts');
const elements = modules.flatMap(({ path, declarations = [] }) =>
  declarations
    .filter(({ customElement }) => customElement)
    .map((each) => `## Reference: \`<${basename(path, '.js')}>\`\n\n${tables(each, details)}`),
);
const check = process.argv.includes('--check');
const fresh = await section('README.md', 'api', elements.join('\n'), { check });
if (check && !fresh) {
  console.error('README.md is out of date: run "npm run docs" and commit it');
  process.exitCode = 1;
}
