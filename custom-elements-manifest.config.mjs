// How `cem analyze` writes custom-elements.json: the public surface of the elements, with published paths.
const published = (path) => path?.replace(/^\/?src\//, 'dist/').replace(/(?<!\.d)\.ts$/, '.js');

/** Points every path at the file in the package and leaves out what is not for users. */
const publicSurface = {
  name: 'public-surface',
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
      if (Array.isArray(node.attributes))
        node.attributes = node.attributes.filter((attribute) =>
          node.members.some((m) => m.attribute === attribute.name),
        );
      // what looks like an event in the code but has no name of ours is one that a typed class stands for
      if (Array.isArray(node.events))
        node.events = node.events.filter((e) => e.name?.startsWith('rnn-'));
      // what all elements have in common comes first; where it stands in the sources is nobody's affair
      for (const kind of kinds.filter((each) => Array.isArray(node[each]))) {
        const shared = (item) => Number(Boolean(item.inheritedFrom));
        node[kind].sort((a, b) => shared(b) - shared(a));
        for (const item of node[kind]) {
          delete item.inheritedFrom;
          delete item.privacy;
        }
      }
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
