// How `cem analyze` writes custom-elements.json: the public surface of the elements, with published paths.
const published = (path) => path?.replace(/^\/?src\//, 'dist/').replace(/(?<!\.d)\.ts$/, '.js');

/** Points every path at the file in the package and leaves out what is not for users. */
const publicSurface = {
  name: 'public-surface',
  packageLinkPhase({ customElementsManifest }) {
    const visit = (node) => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (!node || typeof node !== 'object') return;
      if (typeof node.path === 'string') node.path = published(node.path);
      if (typeof node.module === 'string') node.module = published(node.module);
      if (Array.isArray(node.members))
        node.members = node.members.filter(
          (m) => !['private', 'protected'].includes(m.privacy) && !/^[_#]/.test(m.name),
        );
      // an event found in the code but not documented by name is one that a typed class stands for
      if (Array.isArray(node.events)) node.events = node.events.filter((e) => e.name);
      Object.values(node).forEach(visit);
    };
    visit(customElementsManifest.modules);
    customElementsManifest.modules.sort((a, b) => (a.path < b.path ? -1 : 1));
  },
};

export default {
  globs: ['src/elements/**/*.ts', 'src/define/**/*.ts', 'src/events.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [publicSurface],
};
