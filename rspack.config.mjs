import { builtinModules } from 'node:module';

/**
 * How `npm run build` bundles services and tools, and `npm run build:failpoints` with failpoints: each with what it
 * uses of other packages, since most of a start went into finding and reading a thousand files. Where FAILPOINTS is
 * false, the code behind it is left out, and so are the modules of which nothing is used then.
 */
export const bundle = (failpoints) => (options, rspack) => ({
  ...options,
  externals: leftOutside,
  devtool: false,
  module: {
    ...options.module,
    rules: [
      ...options.module.rules,
      { test: /[/\\]libs[/\\]failpoints[/\\]/, sideEffects: false },
      // Else a package would have the path that it was built at in it.
      { test: packages, parser: { importMeta: false } },
    ],
  },
  optimization: {
    ...options.optimization,
    sideEffects: true,
    providedExports: true,
    usedExports: true,
    concatenateModules: true,
    splitChunks: { cacheGroups: packageFiles(options.output.filename) },
    minimize: true,
    minimizer: [leanPackages(rspack)],
  },
  plugins: [
    ...options.plugins,
    new rspack.DefinePlugin({ FAILPOINTS: failpoints }),
    // Packages are JavaScript as they are written. Node reads the map at each start, so it has lines and no columns.
    new rspack.SourceMapDevToolPlugin({
      filename: '[file].map',
      exclude: bundledPackages,
      noSources: true,
      columns: false,
    }),
  ],
});

const packages = /[/\\]node_modules[/\\]/;

/** The files that {@link packageFiles} names. */
export const bundledPackages = /packages[^/]*$/;

/** Beside `main.js`: `packages.js`, and one more file for what only some routes or commands use. */
function packageFiles(entry) {
  const beside = (name) => entry.replace(/[^/]+$/, name);
  return {
    always: {
      test: packages,
      chunks: 'initial',
      name: 'packages',
      filename: beside('packages.js'),
      enforce: true,
    },
    sometimes: { test: packages, chunks: 'async', filename: beside('packages.[id].js'), enforce: true },
  };
}

/**
 * Packages without their comments, in ASCII: a text in which each character is a byte takes half the room and less time
 * to read, and for a comment that names a source map Node measures every line. The names stay, for stacks.
 */
function leanPackages(rspack) {
  const format = { asciiOnly: true, comments: false };
  return new rspack.SwcJsMinimizerRspackPlugin({
    include: bundledPackages,
    extractComments: false,
    minimizerOptions: { minify: false, compress: false, mangle: false, format },
  });
}

/**
 * Modules of Node, and packages that are not installed: those that are can use them, and ask only then. And what Nest
 * loads by itself for a pipe that is not given it: it would be there whole, at each start.
 */
function leftOutside({ context, contextInfo, request, dependencyType, getResolve }, callback) {
  const outside = `${dependencyType === 'commonjs' ? 'node-commonjs' : 'module'} ${request}`;
  if (builtinModules.includes(request.replace(/^node:/, ''))) {
    // An import of `node:http` as a module reads all that it exports, and so loads what fetch is made of.
    callback(null, `node-commonjs ${request}`);
  } else if (/^class-(validator|transformer)$/.test(request) && /@nestjs/.test(contextInfo.issuer)) {
    callback(null, outside);
  } else if (/^[./]/.test(request)) {
    callback();
  } else {
    getResolve({ dependencyType })(context, request, (missing) =>
      missing ? callback(null, outside) : callback(),
    );
  }
}

export default bundle(false);
