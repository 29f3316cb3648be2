// How `cem analyze` writes custom-elements.json: the public surface of the elements, with published paths.
import { readFileSync } from 'node:fs';

const published = (path) => path?.replace(/^\/?src\//, 'dist/').replace(/(?<!\.d)\.ts$/, '.js');

/** What custom properties are worth where a page sets none: `--_ink: var(--rnn-ink, currentColor);` in the styles. */
const defaults = new Map(
  ['src/ui/tokens.ts', 'src/ui/chart-styles.ts'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/: var\((--rnn-[\w-]+), (.+)\);/g)].map(
      ([, name, value]) => [name, value],
    ),
  ),
);

/** What `detail` is, by the class of the event: `class RnnStepEvent extends RnnEvent<StepDetail>`. */
const details = new Map();

/** Points every path at the file in the package and leaves out what is not for users. */
const publicSurface = {
  name: 'public-surface',
  analyzePhase({ ts, node }) {
    if (!ts.isClassDeclaration(node)) return;
    const [detail] = node.heritageClauses?.[0].types[0].typeArguments ?? [];
    if (detail) details.set(node.name.text, detail.getText());
  },
  packageLinkPhase({ customElementsManifest }) {
    const kinds = ['members', 'attributes', 'slots', 'events', 'cssParts', 'cssProperties'];
    const visit = (node) => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (!node || typeof node !== 'object') return;
      if (typeof node.path === 'string') node.path = published(node.path);
      if (typeof node.module === 'string') node.module = published(node.module);
      if (Array.isArray(node.members))
        node.members = node.members.filter(
          (m) => !['private', 'protected'].includes(m.privacy) && !/^[_#]/.test(m.name),
        );
      // what looks like an event in the code but has no name of ours is one that a typed class stands for
      if (Array.isArray(node.events))
        node.events = node.events
          .filter((e) => e.name?.startsWith('rnn-'))
          .map((e) => ({ ...e, type: { text: `CustomEvent<${details.get(e.type.text)}>` } }));
      // what all elements have in common comes first; where it stands in the sources is nobody's affair
      for (const kind of kinds.filter((each) => Array.isArray(node[each]))) {
        const shared = (item) => Number(Boolean(item.inheritedFrom));
        node[kind].sort((a, b) => shared(b) - shared(a));
        for (const item of node[kind]) {
          delete item.inheritedFrom;
          delete item.privacy;
        }
      }
      // an attribute is what its property is: the analyser forgets what a subclass says about an inherited one
      if (Array.isArray(node.attributes))
        node.attributes = node.members
          .filter((member) => member.attribute)
          .map(({ attribute, name, type, default: value, description }) => ({
            name: attribute,
            fieldName: name,
            type,
            default: value,
            description,
          }));
      for (const property of node.cssProperties ?? [])
        property.default = defaults.get(property.name);
      Object.values(node).forEach(visit);
    };
    visit(customElementsManifest.modules);
    // drawings, styles and helpers are nobody's interface; elements and typed events are
    for (const module of customElementsManifest.modules) {
      module.declarations = (module.declarations ?? []).filter(
        (each) => each.kind === 'class' && (each.tagName || /Event$/.test(each.name)),
      );
      const kept = new Set(module.declarations.map((each) => each.name));
      module.exports = (module.exports ?? []).filter((each) => kept.has(each.declaration?.name));
    }
    // the guarded registration hides from the analyser which file defines which element
    const definitions = customElementsManifest.modules.flatMap((module) =>
      module.declarations
        .filter((each) => each.tagName)
        .map(({ name, tagName }) => ({
          kind: 'javascript-module',
          path: `dist/define/${tagName}.js`,
          declarations: [],
          exports: [
            {
              kind: 'custom-element-definition',
              name: tagName,
              declaration: { name, module: module.path },
            },
          ],
        })),
    );
    customElementsManifest.modules = [
      ...customElementsManifest.modules.filter((module) => module.exports.length > 0),
      ...definitions,
    ];
    customElementsManifest.modules.sort((a, b) => (a.path < b.path ? -1 : 1));
  },
};

export default {
  globs: ['src/ui/**/*.ts', 'src/elements/**/*.ts', 'src/define/**/*.ts', 'src/events.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [publicSurface],
};
