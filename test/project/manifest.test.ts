// custom-elements.json tells all there is about the elements, and nothing else: compared with the running classes, the
// compiler's view of them, and the templates and styles in the sources.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LitElement } from 'lit';
import ts from 'typescript';
import { resolveSettings } from '../../src/elements/gradient-plot/settings.js';
import { resolveQuizOptions } from '../../src/elements/rnn-quiz/options.js';
import { resolveTrainerOptions } from '../../src/elements/rnn-trainer/options.js';
import * as library from '../../src/index.js';
import { englishQuiz } from '../../src/model/quiz-strings.js';
import { english } from '../../src/model/strings.js';
import { resolveOptions } from '../../src/ui/options.js';
import { elements, manifest, type ElementDeclaration } from '../support/manifest.js';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const read = (file: string): string => readFileSync(join(source, file), 'utf8');

/** The classes of the elements, by name. */
const classes = library as unknown as Readonly<Record<string, typeof LitElement>>;
const classOf = ({ name }: ElementDeclaration): typeof LitElement => classes[name];

/** A fresh element. */
const create = (element: ElementDeclaration): Record<string, unknown> =>
  new (classOf(element) as new () => LitElement)() as unknown as Record<string, unknown>;

/** What an element says about a value of one of its properties. */
function problems(element: ElementDeclaration, field: string, value: string): readonly string[] {
  const raw = Object.assign(create(element), { [field]: value });
  if (element.name === 'RnnTrainer') return resolveTrainerOptions(raw as never, english).problems;
  if (element.name === 'RnnQuiz') {
    const option = { text: 'one', data: {} };
    return [...resolveQuizOptions(raw as never, [option], english, englishQuiz).problems];
  }
  const ofPlot =
    element.name === 'GradientPlot' ? resolveSettings(raw as never, english).problems : [];
  return [...resolveOptions(raw, [], english).problems, ...ofPlot];
}

/** The files of an element's own, and those of the classes it extends. */
function filesOf({ name, tagName }: ElementDeclaration): string[] {
  const folder = `elements/${tagName}`;
  const own = readdirSync(join(source, folder)).map((file) => `${folder}/${file}`);
  const superclasses: string[] = [];
  let file = `${folder}/${tagName}.ts`;
  for (let current = name; ;) {
    const parent = new RegExp(`class ${current}\\b[^{]* extends (\\w+)`).exec(read(file))?.[1];
    const from = new RegExp(`import \\{ ${parent}\\b[^}]*\\} from '(\\.[^']+)\\.js'`).exec(
      read(file),
    )?.[1];
    if (!parent || !from) return [...own, ...superclasses];
    file = `${join(dirname(file), from)}.ts`;
    superclasses.push(file);
    current = parent;
  }
}

/** Those files, and all of src/ui that they bring: what can draw in the element. */
function drawnBy(element: ElementDeclaration): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || !/^(ui|elements)\//.test(file)) return;
    found.add(file);
    for (const { fileName } of ts.preProcessFile(read(file), true, true).importedFiles) {
      if (fileName.startsWith('.')) visit(join(dirname(file), fileName).replace(/\.js$/, '.ts'));
    }
  };
  filesOf(element).forEach(visit);
  return [...found];
}

/** Every first group of a pattern in those files. */
const matches = (files: readonly string[], pattern: RegExp): Set<string> =>
  new Set(files.flatMap((file) => [...read(file).matchAll(pattern)].map(([, found]) => found)));

const names = (items: readonly { readonly name: string }[]): string[] =>
  items.map((each) => each.name);
const sorted = (items: Iterable<string>): string[] => [...items].sort();
const each = (check: (element: ElementDeclaration) => void): void => {
  assert.equal(elements.length, 5);
  elements.forEach(check);
};

test('nothing stands there twice, and all of it is described', () => {
  each((element) => {
    const { attributes, members, events, slots, cssParts, cssProperties } = element;
    for (const kind of [attributes, members, events, slots, cssParts, cssProperties]) {
      assert.deepEqual(sorted(names(kind)), sorted(new Set(names(kind))), element.name);
      for (const { name, description } of kind) assert.ok(description, `${element.name} ${name}`);
    }
  });
});

test('the attributes are those that the class observes', () => {
  each((element) => {
    assert.deepEqual(
      sorted(names(element.attributes)),
      sorted(classOf(element).observedAttributes),
    );
  });
});

test('every attribute and property has a type and the default of a fresh element', () => {
  const valueOf = (text: string): unknown => {
    if (text === 'Infinity') return Infinity;
    return JSON.parse(text.replace(/^'(.*)'$/, '"$1"'));
  };
  each((element) => {
    const fresh = create(element);
    const fields = element.members.filter((member) => member.kind === 'field');
    for (const field of fields.filter((member) => !member.readonly)) {
      const place = `${element.name} ${field.name}`;
      assert.ok(field.type, place);
      // without words there is none to follow
      const value =
        field.name === 'follow' ? Math.max(0, fresh['follow'] as number) : fresh[field.name];
      assert.equal(valueOf(field.default!), value, place);
      // a default that is a word is one of the words
      const words = [...field.type.text.matchAll(/'([^']*)'/g)].map(([, word]) => word);
      assert.ok(!words.length || !value || words.includes(value as string), place);
    }
    for (const attribute of element.attributes) {
      const {
        type,
        default: value,
        description,
      } = fields.find(({ name }) => name === attribute.fieldName)!;
      assert.deepEqual([attribute.type, attribute.default], [type, value], element.name);
      assert.equal(attribute.description, description);
    }
  });
});

test('an attribute that can only be some words accepts each of them, and no other', () => {
  each((element) => {
    for (const { name, type, fieldName } of element.attributes) {
      if (!type || !/^'.*'$/.test(type.text) || /\bstring\b/.test(type.text)) continue;
      for (const [, word] of type.text.matchAll(/'([^']*)'/g)) {
        assert.deepEqual(problems(element, fieldName, word), [], `${element.name} ${name}=${word}`);
      }
      assert.equal(problems(element, fieldName, 'nonsense').length, 1, `${element.name} ${name}`);
    }
  });
});

test('members are the public ones of the class', () => {
  const index = join(source, 'index.ts');
  const program = ts.createProgram([index], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    experimentalDecorators: true,
    useDefineForClassFields: false,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  const module = checker.getSymbolAtLocation(program.getSourceFile(index)!)!;
  const exported = new Map(checker.getExportsOfModule(module).map((each) => [each.name, each]));
  each((element) => {
    const symbol = checker.getAliasedSymbol(exported.get(element.name)!);
    const own = checker
      .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
      .filter((member) => {
        const { declarations: [declaration] = [] } = member;
        const here = declaration.getSourceFile().fileName.includes('/src/');
        const internal = ts
          .getJSDocTags(declaration)
          .some(({ tagName }) => tagName.text === 'internal');
        const open = !(ts.getCombinedModifierFlags(declaration) & hidden);
        return here && open && !internal && !(member.name in LitElement.prototype);
      });
    assert.ok(own.length > 14);
    assert.deepEqual(sorted(names(element.members)), sorted(own.map(({ name }) => name)));
  });
});

test('methods have typed parameters and a return type', () => {
  each((element) => {
    for (const method of element.members.filter(({ kind }) => kind === 'method')) {
      const place = `${element.name} ${method.name}`;
      assert.equal(typeof (classOf(element).prototype as never)[method.name], 'function', place);
      assert.ok(method.return?.type.text, place);
      for (const parameter of method.parameters ?? []) {
        assert.ok(parameter.type, `${place} ${parameter.name}`);
      }
    }
  });
});

test('events are those that the files of the element dispatch, with the type of their detail', () => {
  const file = ts.createSourceFile('events.ts', read('events.ts'), ts.ScriptTarget.Latest, true);
  const types = new Map<string, readonly [name: string, detail: string]>();
  for (const node of file.statements) {
    const [, name] = /super\('([\w-]+)'/.exec(node.getText()) ?? [];
    if (!name || !ts.isClassDeclaration(node)) continue;
    const detail = node.heritageClauses![0].types[0].typeArguments![0].getText();
    types.set(node.name!.text, [name, `CustomEvent<${detail}>`]);
  }
  each((element) => {
    const used = matches(filesOf(element), /\b(Rnn\w+Event)\b/g);
    assert.deepEqual(
      sorted(element.events.map(({ name, type }) => `${name} ${type!.text}`)),
      sorted([...used].map((name) => types.get(name)!.join(' '))),
    );
  });
});

test('custom properties are those that the styles read', () => {
  const inStyles = /var\((--rnn-[\w-]+),/g;
  const all = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  assert.deepEqual(
    sorted(new Set(elements.flatMap((element) => names(element.cssProperties)))),
    sorted(matches(all, inStyles)),
  );
  each((element) => {
    const drawn = drawnBy(element);
    const read = matches(drawn, inStyles);
    const used = matches(drawn, /var\(--_([\w-]+)\)/g);
    // what the element's own files use
    const own = matches(filesOf(element), /var\(--_([\w-]+)\)/g);
    for (const { name, default: value } of element.cssProperties) {
      assert.ok(read.has(name), `${element.name} ${name}`);
      assert.ok(used.has(name.replace('--rnn-', '')), `${element.name} ${name}`);
      assert.ok(value, `${element.name} ${name}`);
    }
    for (const name of own) {
      if (read.has(`--rnn-${name}`))
        assert.ok(
          names(element.cssProperties).includes(`--rnn-${name}`),
          `${element.name} ${name}`,
        );
    }
  });
});

test('paths are those of files that are built', () => {
  const paths = [...JSON.stringify(manifest).matchAll(/"(?:path|module)":"([^"]+)"/g)].map(
    ([, path]) => path,
  );
  assert.ok(paths.length > 20);
  for (const path of paths) {
    assert.match(path, /^dist\/.*\.js$/);
    assert.ok(existsSync(join(source, path.replace('dist/', '').replace(/\.js$/, '.ts'))), path);
  }
});
