// What editors read in dist/ tells of every element what the manifest tells. (JSX: ../driven/.)

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { elements, type ElementDeclaration, type Named } from '../support/manifest.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const names = (items: readonly { readonly name: string }[] = []): string[] =>
  items.map(({ name }) => name);
const sorted = (items: Iterable<string>): string[] => [...items].sort();

const packageJson = read('package.json') as {
  readonly name: string;
  readonly version: string;
  readonly 'web-types': string;
  readonly exports: Readonly<Record<string, unknown>>;
};

/** The names that all elements together have of a kind, each once. */
const allOf = (kind: (element: ElementDeclaration) => readonly Named[]): string[] =>
  sorted(new Set(elements.flatMap(kind).map(({ name }) => name)));

test('VS Code is told every attribute and its words', () => {
  const { tags } = read('dist/vscode.html-custom-data.json') as {
    readonly tags: readonly {
      readonly name: string;
      readonly attributes: readonly { readonly name: string; readonly values?: readonly Named[] }[];
    }[];
  };
  assert.deepEqual(
    tags.map(({ name, attributes }) => [
      name,
      attributes.map((each) => [each.name, names(each.values)]),
    ]),
    elements.map(({ tagName, attributes }) => [
      tagName,
      attributes.map(({ name, type }) => [
        name,
        [...type!.text.matchAll(/'([^']*)'/g)].map(([, word]) => word),
      ]),
    ]),
  );
});

test('VS Code is told every custom property and part once', () => {
  const { properties, pseudoElements } = read('dist/vscode.css-custom-data.json') as {
    readonly properties: readonly Named[];
    readonly pseudoElements: readonly Named[];
  };
  assert.deepEqual(
    sorted(names(properties)),
    allOf(({ cssProperties }) => cssProperties),
  );
  assert.deepEqual(
    sorted(names(pseudoElements)),
    allOf(({ cssParts }) => cssParts).map((name) => `::part(${name})`),
  );
});

test('JetBrains is told every attribute, property, event and slot, and where the class is', () => {
  interface Tag {
    readonly name: string;
    readonly attributes: readonly (Named & { readonly value: { readonly type: string } })[];
    readonly slots: readonly Named[];
    readonly js: { readonly properties: readonly Named[]; readonly events: readonly Named[] };
    readonly source: { readonly module: string; readonly symbol: string };
  }
  const webTypes = read(packageJson['web-types']) as {
    readonly name: string;
    readonly version: string;
    readonly contributions: { readonly html: { readonly elements: readonly Tag[] } };
  };
  assert.equal(
    `${webTypes.name} ${webTypes.version}`,
    `${packageJson.name} ${packageJson.version}`,
  );
  const tags = webTypes.contributions.html.elements;
  assert.deepEqual(
    names(tags),
    elements.map(({ tagName }) => tagName),
  );
  tags.forEach((tag, i) => {
    const { name, attributes, members, events, slots } = elements[i];
    assert.deepEqual(
      tag.attributes.map((each) => [each.name, each.value.type]),
      attributes.map((each) => [each.name, each.type!.text]),
    );
    assert.deepEqual(names(tag.slots), names(slots));
    assert.deepEqual(
      names(tag.js.properties),
      names(members.filter(({ kind }) => kind === 'field')),
    );
    assert.deepEqual(
      tag.js.events.map((each) => [each.name, each.type]),
      events.map((each) => [each.name, each.type!.text]),
    );
    assert.equal(tag.source.symbol, name);
    assert.equal(tag.source.module, `rnn-elements/elements/${tag.name}`);
    assert.ok('./elements/*' in packageJson.exports);
    assert.ok(existsSync(join(root, 'dist/elements', tag.name, `${tag.name}.d.ts`)));
  });
});
