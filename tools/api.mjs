// What custom-elements.json says of the elements, as tables: shared by what writes them into README.md and into pages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
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

const text = (value = '') => value.replace(/\s+/g, ' ').trim();
const code = (value) => (value ? `\`${text(value)}\`` : '');
const codes = (values) => values.map(code).join(', ');

function signature({ name, parameters = [], return: result }) {
  const list = parameters
    .map(
      ({ name: each, type, optional, default: fallback }) =>
        each + (optional || fallback ? '?' : '') + (type ? `: ${type.text}` : ''),
    )
    .join(', ');
  const type = result?.type.text ?? 'void';
  return `${name}(${list})${type === 'void' ? '' : `: ${type}`}`;
}

/**
 * The reference of an element: tables of a `title`, a `head` of column names, and `rows` of cells, which are text with
 * `code` in backticks. The first column names a thing, the last one says what it is. Empty tables are left out.
 */
export function tables(element) {
  const details = eventDetails('src/events.ts');
  const fields = element.members.filter(({ kind, static: fixed }) => kind === 'field' && !fixed);
  const methods = element.members.filter(({ kind }) => kind === 'method');
  const named = (items = []) => items.filter(({ name }) => name !== undefined);
  const table = (title, head, rows) => ({ title, head, rows });
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
  ].filter(({ rows }) => rows.length > 0);
}
