import { fileURLToPath } from 'node:url';
import { bundle } from '../../rspack.config.mjs';

/** The packages of which `faults.mjs` breaks functions. */
const broken = /^(kafkajs|pg)($|\/)/;

/**
 * `npm run build:failpoints`: services that can be made to die at a failpoint, in `dist-failpoints`. Packages that
 * tests break stay outside, as files of `node_modules`.
 */
export default (options, rspack) => {
  const bundled = bundle(true)(options, rspack);
  return {
    ...bundled,
    externals: [leftToBreak, bundled.externals],
    output: { ...options.output, path: fileURLToPath(new URL('../../dist-failpoints', import.meta.url)) },
  };
};

function leftToBreak({ request, dependencyType }, callback) {
  if (broken.test(request)) {
    callback(null, `${dependencyType === 'commonjs' ? 'node-commonjs' : 'module'} ${request}`);
  } else {
    callback();
  }
}
