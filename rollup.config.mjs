// Bundles what tsc wrote to dist/ into one minified ES module per entry, for a <script type="module"> tag.
// A dynamic import() becomes a file in dist/chunks/ with a content hash in its name, shared by all bundles.
// Parts are such files with a copy of whatever they need of their own, so that no bundle has to bring it.
// The standalone script is everything in one classic script, which asks for no other file.
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { declared } from './tools/manifest.mjs';

const bundles = {
  'rnn-elements': 'dist/define/all.js',
  'rnn-visualizer': 'dist/define/rnn-visualizer.js',
};

/** What loads on demand by `import()` or as a worker, before what loads it in its turn. */
const parts = {
  'model-weight-files': 'dist/model/weight-files.js',
  'visualizer-details': 'dist/elements/rnn-visualizer/details.js',
  'training-worker': 'dist/model/training/worker.js',
  'gradient-plot': 'dist/elements/gradient-plot/figure.js',
  'rnn-trainer': 'dist/elements/rnn-trainer/panel.js',
  'rnn-quiz': 'dist/elements/rnn-quiz/panel.js',
};

/** Files in dist/chunks/ of the parts that are built, by the module they begin with. */
const builtParts = new Map();

/** weights-lstm for dist/model/story/weights/lstm.js */
const nameOf = (file) =>
  file ? `${basename(dirname(file))}-${basename(file).split('.')[0]}` : 'shared';

/** Rules without comments, needless quotes and zeros, and spaces that mean nothing: those of selectors and calc() stay. */
const squeezeStyles = (text) =>
  text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}')
    .replaceAll(' !important', '!important')
    .replace(/='([a-z][\w-]*)'\]/g, '=$1]')
    .replace(/([ :,(])0(?=\.\d)/g, '$1');

/** Markup without indentation, where a line end is a space, or nothing before the end of a tag; and without needless quotes. */
const squeezeMarkup = (text) =>
  text
    .replace(/\s*\n\s*(?=\/?>)/g, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/="([\w-]+)"(?=[ >])/g, '=$1');

/** Calls `visit` with every node of a syntax tree. */
function walk(node, visit) {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, visit));
  if (!node || typeof node.type !== 'string') return;
  visit(node);
  for (const key in node) if (key !== 'type') walk(node[key], visit);
}

/** The code with other text in places: [start, end, text]. */
function edited(code, edits) {
  for (const [start, end, text] of edits.sort((a, b) => b[0] - a[0]))
    code = code.slice(0, start) + text + code.slice(end);
  return { code, map: null };
}

/**
 * The bundles' Lit leaves no trace on the page: no versions and property metadata (of decorators) in global names, and a
 * Trusted Types policy under a name of its own. It is asked for with the first template, so that a copy that draws
 * nothing never does, and once, whatever the answer; Lit's own would be as Lit loads, and where `lit-html` is taken or
 * not listed nothing would load.
 * Nor does it take over what a server drew, by other templates than it has: that is drawn anew.
 */
function quietLit() {
  return {
    name: 'quiet-lit',
    transform(code, id) {
      if (id === resolve('dist/ui/served.js'))
        return { code: 'export const takesOver = () => false, isAsMeant = () => true;', map: null };
      if (!/[\\/](reactive-element|lit-html|lit-element)\.js$/.test(id)) return null;
      const edits = [];
      walk(this.parse(code), ({ type, start, end }) => {
        const text = code.slice(start, end);
        const put = (instead) => edits.push([start, end, instead]);
        if (type === 'CallExpression' && /^\w+\.createPolicy\(/.test(text)) {
          const call = text.replace('lit-html', 'rnn-elements-html');
          put(
            `(policy=>({createHTML:html=>(policy??(policy={createHTML(){throw Error("no policy: rnn-elements-html")}},policy=${call})).createHTML(html)}))()`,
          );
        }
        if (type === 'CallExpression' && /^\(\w+\.\w+Versions\?\?=/.test(text)) put('0');
        if (type === 'CallExpression' && /^\w+\.litElementHydrateSupport\?\./.test(text)) put('0');
        if (type === 'AssignmentExpression' && /^[\w.]+etadata\?\?=/.test(text)) put('0');
        if (type === 'MemberExpression' && text === 'this[Symbol.metadata]') put('null');
      });
      return edited(code, edits);
    },
  };
}

/** The bundles never take over what a server drew (quietLit): whatever asks whether this is going on goes, too. */
function neverServed() {
  return {
    name: 'never-served',
    transform(code) {
      if (!code.includes('this.served')) return null;
      const edits = [];
      const written = new Set();
      walk(this.parse(code), ({ type, start, end, left }) => {
        const is = (node) => node && code.slice(node.start, node.end) === 'this.served';
        if (type === 'AssignmentExpression' && is(left)) {
          written.add(left.start);
          edits.push([start, end, '0']);
        } else if (type === 'MemberExpression' && is({ start, end }) && !written.has(start))
          edits.push([start, end, 'false']);
      });
      return edited(code, edits);
    },
  };
}

/** Takes the white space that nobody sees out of html``, svg``, css`` and the strings marked as CSS: `…`. */
function squeezeTemplates() {
  const marked = /\/\* css \*\/\s*$/;
  return {
    name: 'squeeze-templates',
    transform(code) {
      if (!/\b(?:html|svg|css)(?: \*\/)?\s*`/.test(code)) return null;
      const edits = [];
      const squeezeAll = ({ quasis }, squeeze) => {
        for (const { start, end } of quasis)
          edits.push([start, end, squeeze(code.slice(start, end))]);
      };
      walk(this.parse(code), ({ type, tag, quasi, ...node }) => {
        const name = tag?.name ?? tag?.property?.name; // html``, templates.html``
        if (['html', 'svg', 'css'].includes(name))
          squeezeAll(quasi, name === 'css' ? squeezeStyles : squeezeMarkup);
        if (type === 'TemplateLiteral' && marked.test(code.slice(0, node.start)))
          squeezeAll(node, squeezeStyles);
      });
      return edited(code, edits);
    },
  };
}

/** The literal of import('./x.js') or new URL('./x.js', import.meta.url). */
function addressIn({ type, source, callee, arguments: [first, second] = [] }) {
  const isUrl = type === 'NewExpression' && callee.name === 'URL';
  const literal =
    type === 'ImportExpression' ? source : isUrl && second?.type === 'MemberExpression' && first;
  return typeof literal?.value === 'string' ? literal : null;
}

/**
 * Points import('./x.js') and new URL('./x.js', import.meta.url) of a part at its file.
 * @param folder where dist/chunks/ is, seen from the file that is written.
 */
function linkParts(folder) {
  const entries = new Map(Object.entries(parts).map(([name, file]) => [resolve(file), name]));
  return {
    name: 'link-parts',
    transform(code, id) {
      if (!/\bimport\(|import\.meta\.url/.test(code)) return null;
      const edits = [];
      walk(this.parse(code), (node) => {
        const literal = addressIn(node);
        if (!literal) return;
        const module = resolve(dirname(id), literal.value);
        if (!entries.has(module)) return;
        const file = builtParts.get(module);
        if (!file) this.error(`part ${entries.get(module)} must be built before ${id}`);
        // in two pieces the address is none that rollup would follow; the minifier puts them together
        edits.push([literal.start, literal.end, `'${folder}' + '${file}'`]);
      });
      return edited(code, edits);
    },
  };
}

/** A file in dist/chunks/ that imported from a bundle would differ from bundle to bundle: refuse it. */
function selfContained() {
  return {
    name: 'self-contained',
    generateBundle(_options, files) {
      for (const { type, fileName, imports } of Object.values(files))
        if (type === 'chunk' && fileName.startsWith('chunks/') && imports.length)
          this.error(`${fileName} imports ${imports.join(', ')}; it must stand alone`);
    },
  };
}

/** Notes the file of a part. With Lit in it, the page would run a second one: a part is given the tags instead. */
function notePart(module) {
  const isLit = (id) => /[\\/]node_modules[\\/](@lit|lit(-html|-element)?)[\\/]/.test(id);
  return {
    name: 'note-part',
    generateBundle(_options, files) {
      for (const { isEntry, fileName, modules } of Object.values(files)) {
        const lit = Object.keys(modules).find(isLit);
        if (lit) {
          const importers = [...this.getModuleIds()].filter(
            (id) => !isLit(id) && this.getModuleInfo(id).importedIds.some(isLit),
          );
          this.error(
            `${module} brings Lit, by ${importers.map((id) => relative('', id)).join(', ')}`,
          );
        }
        if (isEntry) builtParts.set(resolve(module), basename(fileName));
      }
    },
  };
}

/** Everything that a module loads, at once or on demand, and itself. */
function closure(id, getModuleInfo, found = new Set()) {
  if (found.has(id)) return found;
  found.add(id);
  const { importedIds, dynamicallyImportedIds } = getModuleInfo(id);
  for (const each of [...importedIds, ...dynamicallyImportedIds])
    closure(each, getModuleInfo, found);
  return found;
}

/** Puts the trained weights before minified code: gzip looks back 32 kB, from code to code, but not across them. */
function weightsFirst(code, { body }) {
  const ofWeights = (text) => text.includes('{__proto__:null,weights:"');
  const { kind, declarations, start, end } = body.find(
    (each) => each.declarations && ofWeights(code.slice(each.start, each.end)),
  );
  const all = declarations.map((each) => code.slice(each.start, each.end));
  const [weights, rest] = [all.filter(ofWeights), all.filter((text) => !ofWeights(text))];
  return `${kind} ${weights.join()};${code.slice(0, start)}${kind} ${rest.join()};${code.slice(end)}`;
}

/** A worker of the standalone script has no file: it runs the text of the function that holds all it needs. */
function workerFromText() {
  return {
    name: 'worker-from-text',
    transform(code) {
      if (!code.includes('import.meta.url')) return null;
      const edits = [];
      walk(this.parse(code), ({ type, callee, arguments: [address, options] = [] }) => {
        // a classic one: Chromium starts no module worker from a text on a page of file://
        if (type === 'NewExpression' && callee.name === 'Worker' && addressIn(address))
          edits.push([address.start, options.end, 'rnnWorkerAddress()']);
      });
      if (edits.length !== 1) this.error(`${edits.length} workers start here`);
      return edited(code, edits);
    },
    /** Puts the two files, what the worker needs and all the rest, into one classic script. */
    generateBundle(_options, files) {
      const [worker, rest] = ['worker', 'rest'].map((name) => {
        const file = Object.values(files).find((each) => each.name === name);
        const links = this.parse(file.code).body.filter(({ type }) => /^(Im|Ex)port/.test(type));
        const { code } = edited(
          file.code,
          links.map(({ start, end }) => [start, end, '']),
        );
        const names = links.flatMap(({ specifiers }) =>
          specifiers.map(({ imported, local, exported }) =>
            imported ? `${imported.name}:${local.name}` : `${exported.name}:${local.name}`,
          ),
        );
        delete files[file.fileName];
        return { code, names: names.join() };
      });
      const code = weightsFirst(rest.code, this.parse(rest.code));
      if (Object.keys(files).length) this.error(`also written: ${Object.keys(files)}`);
      this.emitFile({
        type: 'asset',
        fileName: 'rnn-elements.standalone.js',
        source: `${banner}
(()=>{"use strict";const rnnEngine=()=>{${worker.code};return{${worker.names}}};let rnnAddress;const rnnWorkerAddress=()=>rnnAddress??=new URL(URL.createObjectURL(new Blob([\`(\${rnnEngine})()\`],{type:"text/javascript"})));const{${rest.names}}=rnnEngine();${code}})();
`,
      });
    },
  };
}

/** What the licences of packages in the bundles ask for: their text beside the code. */
function licences() {
  return {
    name: 'licences',
    generateBundle() {
      const folders = [...this.getModuleIds()].flatMap(
        (id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? [],
      );
      const texts = [...new Set(folders)].sort().map((folder) => {
        const { name, version, license } = JSON.parse(
          readFileSync(`${folder}/package.json`, 'utf8'),
        );
        return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/LICENSE`, 'utf8')}`;
      });
      this.emitFile({
        type: 'asset',
        fileName: 'THIRD-PARTY-LICENSES.txt',
        source: `The bundles of rnn-elements contain:\n\n${texts.join('\n\n')}`,
      });
    },
  };
}

const licence = '/*! rnn-elements | MIT licence */';
const banner = '/*! rnn-elements | MIT licence | with Lit, BSD-3-Clause */';

const minify = (format = {}) =>
  terser({
    ecma: 2022,
    module: true,
    compress: { passes: 3, pure_getters: true, keep_fargs: false },
    format: { comments: /^!/, ...format },
  });

function onwarn(warning, warn) {
  if (warning.code === 'THIS_IS_UNDEFINED') return; // tsc's decorator helper
  if (['UNRESOLVED_IMPORT', 'CIRCULAR_DEPENDENCY', 'MISSING_EXPORT'].includes(warning.code))
    throw new Error(warning.message);
  warn(warning);
}

/** What is done to the modules of every bundle. */
const prepared = () => [nodeResolve(), quietLit(), neverServed(), squeezeTemplates()];

/** One file from one module, and what it loads on demand. */
const build = (name, module, fileNames, plugins) => ({
  input: { [name]: module },
  plugins: [...prepared(), selfContained(), ...plugins],
  output: {
    dir: 'dist',
    format: 'es',
    entryFileNames: fileNames,
    chunkFileNames: ({ facadeModuleId }) => `chunks/${nameOf(facadeModuleId)}-[hash].js`,
    generatedCode: 'es2015',
    banner,
    plugins: [minify()],
  },
  onwarn,
});

/** What of the elements an address of embed.html may set, and the events that it passes on. */
function publishedNames() {
  const elements = declared()
    // (a question is made of elements, which no address can hold)
    .filter(({ tagName }) => tagName !== 'rnn-quiz')
    .map(({ tagName, attributes, events }) => ({
      tagName,
      // what leads to other elements, or belongs to the page
      attributes: attributes
        .map(({ name }) => name)
        .filter((name) => !/^(for|id|class|style|on.*)$/.test(name)),
      events: events.map(({ name }) => name),
    }));
  return {
    attributes: Object.fromEntries(
      elements.map(({ tagName, attributes }) => [tagName, attributes]),
    ),
    events: [...new Set(elements.flatMap(({ events }) => events))],
  };
}

/** A script of the page for frames, in one file. */
const embed = (name, module, format) => ({
  input: module,
  output: {
    file: `dist/${name}.js`,
    format,
    strict: true,
    intro: format === 'iife' ? `const published = ${JSON.stringify(publishedNames())};` : '',
    banner: licence,
    plugins: [minify({ ascii_only: true })],
  },
  onwarn,
});

const standalone = {
  input: { worker: parts['training-worker'], rest: bundles['rnn-elements'] },
  preserveEntrySignatures: false,
  plugins: [...prepared(), workerFromText(), licences()],
  output: {
    dir: 'dist',
    format: 'es',
    generatedCode: 'es2015',
    manualChunks: (id, { getModuleInfo }) =>
      closure(resolve(parts['training-worker']), getModuleInfo).has(id) ? 'worker' : 'rest',
    // a page without a charset would read anything but ASCII in its own way
    plugins: [minify({ ascii_only: true })],
  },
  onwarn,
};

export default [
  ...Object.entries(parts).map(([name, module]) =>
    build(name, module, 'chunks/[name]-[hash].js', [linkParts('./'), notePart(module)]),
  ),
  ...Object.entries(bundles).map(([name, module]) =>
    build(name, module, '[name].js', [linkParts('./chunks/')]),
  ),
  standalone,
  embed('embed', 'dist/embed/page.js', 'iife'),
  embed('embed-host', 'dist/embed/host.js', 'es'),
];
