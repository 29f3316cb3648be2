// Bundles what tsc wrote to dist/ into one minified ES module per entry, for a <script type="module"> tag.
// A dynamic import() becomes a file in dist/chunks/ with a content hash in its name, shared by all bundles.
import { basename, dirname } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

const bundles = {
  'rnn-elements': 'dist/define/all.js',
  'rnn-visualizer': 'dist/define/rnn-visualizer.js',
};

/** weights-lstm for dist/model/story/weights/lstm.js */
const nameOf = (file) =>
  file ? `${basename(dirname(file))}-${basename(file).split('.')[0]}` : 'shared';

/** Rules without comments, and without spaces that mean nothing: those of selectors and of calc() stay. */
const squeezeStyles = (text) =>
  text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}');

/** Markup without indentation; a line end is a space, which is nothing before the end of a tag. */
const squeezeMarkup = (text) => text.replace(/\s*\n\s*(?=\/?>)/g, '').replace(/\s*\n\s*/g, ' ');

/** Takes the white space that nobody sees out of html``, svg`` and css`` templates. */
function squeezeTemplates() {
  return {
    name: 'squeeze-templates',
    transform(code) {
      if (!/\b(?:html|svg|css)\s*`/.test(code)) return null;
      const edits = [];
      const visit = (node) => {
        if (Array.isArray(node)) return node.forEach(visit);
        if (!node || typeof node.type !== 'string') return;
        if (
          node.type === 'TaggedTemplateExpression' &&
          ['html', 'svg', 'css'].includes(node.tag.name)
        )
          for (const { start, end } of node.quasi.quasis) {
            const squeeze = node.tag.name === 'css' ? squeezeStyles : squeezeMarkup;
            edits.push([start, end, squeeze(code.slice(start, end))]);
          }
        for (const key in node) if (key !== 'type') visit(node[key]);
      };
      visit(this.parse(code));
      for (const [start, end, text] of edits.sort((a, b) => b[0] - a[0]))
        code = code.slice(0, start) + text + code.slice(end);
      return { code, map: null };
    },
  };
}

/** A chunk that imported from its bundle would differ from bundle to bundle: refuse it. */
function selfContainedChunks() {
  return {
    name: 'self-contained-chunks',
    generateBundle(_options, files) {
      for (const file of Object.values(files))
        if (file.type === 'chunk' && !file.isEntry && file.imports.length)
          this.error(`${file.fileName} imports ${file.imports.join(', ')}; it must stand alone`);
    },
  };
}

export default Object.entries(bundles).map(([name, input]) => ({
  input: { [name]: input },
  plugins: [nodeResolve(), squeezeTemplates(), selfContainedChunks()],
  output: {
    dir: 'dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: ({ facadeModuleId }) => `chunks/${nameOf(facadeModuleId)}-[hash].js`,
    generatedCode: 'es2015',
    banner: `/*! rnn-elements | MIT licence | with Lit, BSD-3-Clause, Google LLC */`,
    plugins: [
      terser({
        ecma: 2022,
        module: true,
        compress: { passes: 3, pure_getters: true, keep_fargs: false },
        format: { comments: /^!/ },
      }),
    ],
  },
  onwarn(warning, warn) {
    if (warning.code === 'THIS_IS_UNDEFINED') return; // tsc's decorator helper
    if (['UNRESOLVED_IMPORT', 'CIRCULAR_DEPENDENCY', 'MISSING_EXPORT'].includes(warning.code))
      throw new Error(warning.message);
    warn(warning);
  },
}));
