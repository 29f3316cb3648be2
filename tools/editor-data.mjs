// Writes into dist/ what editors and type checkers are told about the elements, from custom-elements.json:
// custom data for VS Code, web-types for JetBrains, and types for JSX. Part of the build.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getWebTypesData } from 'custom-element-jet-brains-integration';
import {
  getVsCodeCssCustomData,
  getVsCodeHtmlCustomData,
} from 'custom-element-vs-code-integration';
import { format } from 'prettier';
import { root } from './run.mjs';

const text = readFileSync(join(root, 'custom-elements.json'), 'utf8');
/** A copy for each use: the generators write into what they are given. */
const manifest = () => JSON.parse(text);
const elements = manifest()
  .modules.flatMap(({ declarations }) => declarations)
  .filter(({ customElement }) => customElement);

const write = (file, content) => writeFileSync(join(root, 'dist', file), content);

// ---- editors --------------------------------------------------------------------------------------------------------

/** JSON without what is empty. */
const json = (data) =>
  JSON.stringify(
    data,
    (key, value) => {
      const empty = Array.isArray(value) ? value.length === 0 : key === 'doc-url' && value === '';
      return empty ? undefined : value;
    },
    2,
  );

/** One entry a name, with all that the elements say about it: a style sheet belongs to all of them. */
function once(entries) {
  const byName = new Map();
  for (const entry of entries) {
    const { description } = byName.get(entry.name) ?? entry;
    const known = description.split('\n').includes(entry.description);
    byName.set(entry.name, {
      ...entry,
      description: known ? description : `${description}\n${entry.description}`,
    });
  }
  return [...byName.values()];
}

const html = JSON.parse(getVsCodeHtmlCustomData(manifest()));
// mere text would be shown as it is, and a rule right below a paragraph makes it a heading
for (const each of html.tags.flatMap((tag) => [tag, ...tag.attributes]))
  each.description = { kind: 'markdown', value: each.description.replace('\n---\n', '\n\n---\n') };
write('vscode.html-custom-data.json', json(html));

const css = JSON.parse(getVsCodeCssCustomData(manifest()));
css.properties = once(css.properties);
css.pseudoElements = once(css.pseudoElements);
write('vscode.css-custom-data.json', json(css));

const webTypes = JSON.parse(
  getWebTypesData(manifest(), {
    modulePathTemplate: (_name, path) =>
      path.replace(/^dist\/elements\/([\w-]+)\/.*/, 'rnn-elements/elements/$1'),
  }),
);
const { css: styles } = webTypes.contributions;
styles.properties = once(styles.properties);
styles['pseudo-elements'] = once(styles['pseudo-elements']);
write('web-types.json', json(webTypes));

// ---- JSX ------------------------------------------------------------------------------------------------------------

const comment = (...lines) => `/**\n${lines.join('\n').replace(/^/gm, ' * ')}\n */`;

/** A property, or an attribute of another name, which may be given as text. */
function prop(name, { type, description, default: value, attribute }) {
  const known = type.text.replace(/\| string\b/, '| (string & {})'); // or editors would offer none of the words
  const asText = type.text === 'number' && name === attribute && name.includes('-');
  return `${comment(description, `@default ${value}`)}
  ${JSON.stringify(name)}?: ${known}${asText ? ' | `${number}`' : ''} | undefined;`;
}

const props = ({ name, members, events }) => `
export interface ${name}Props extends HTMLAttributes<${name}> {
  ${members
    .filter(({ kind, readonly }) => kind === 'field' && !readonly)
    .flatMap((each) => [...new Set([each.attribute, each.name])].map((key) => prop(key, each)))
    .join('\n')}
  ${events
    .map(
      (each) => `${comment(each.description)}
  'on${each.name}'?: ((event: ${each.type.text} & { readonly currentTarget: ${name} }) => void) | undefined;`,
    )
    .join('\n')}
}`;

const details = new Set(
  elements.flatMap(({ events }) => events).map(({ type }) => /<(\w+)>/.exec(type.text)[1]),
);
details.delete('null');

const jsx = `// Types of the elements for JSX in React 19; made by the build. Use: import type {} from 'rnn-elements/jsx';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ${[...details].sort().join(', ')} } from './events.js';
${elements.map(({ name, tagName }) => `import type { ${name} } from './elements/${tagName}/${tagName}.js';`).join('\n')}
${elements.map(props).join('\n')}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      ${elements
        .map(
          ({ name, tagName, description }) => `${comment(description)}
      '${tagName}': DetailedHTMLProps<${name}Props, ${name}>;`,
        )
        .join('\n')}
    }
  }
}
`;
write('jsx.d.ts', await format(jsx, { parser: 'typescript', printWidth: 100, singleQuote: true }));
// for compilers that leave such an import in the code
write('jsx.js', '// Types alone: see jsx.d.ts.\nexport {};\n');
