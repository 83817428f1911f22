/**
 * How `npm run build` bundles services and tools, and `npm run build:failpoints` with failpoints. Where FAILPOINTS is
 * false, the code behind it is left out, and so are the modules of which nothing is used then.
 */
export const bundle = (failpoints) => (options, rspack) => ({
  ...options,
  module: {
    ...options.module,
    rules: [...options.module.rules, { test: /[/\\]libs[/\\]failpoints[/\\]/, sideEffects: false }],
  },
  optimization: { ...options.optimization, sideEffects: 'flag' },
  plugins: [...options.plugins, new rspack.DefinePlugin({ FAILPOINTS: failpoints })],
});

export default bundle(false);
