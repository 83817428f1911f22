import { fileURLToPath } from 'node:url';
import { bundle } from '../../rspack.config.mjs';

/**
 * `npm run build:failpoints`: services that can be made to die at a failpoint, in `dist-failpoints`. Packages stay
 * outside, as files of `node_modules`: there `faults.mjs` breaks their functions.
 */
export default (options, rspack) => ({
  ...bundle(true)(options, rspack),
  externals: options.externals,
  output: { ...options.output, path: fileURLToPath(new URL('../../dist-failpoints', import.meta.url)) },
});
