import build, { bundledPackages } from '../../rspack.config.mjs';

/** As shipped, with source maps of packages beside, by which a profile is read; Node does not read them. */
export default (options, rspack) => {
  const config = build(options, rspack);
  const maps = { filename: '[file].map', append: false, include: bundledPackages };
  return { ...config, plugins: [...config.plugins, new rspack.SourceMapDevToolPlugin(maps)] };
};
