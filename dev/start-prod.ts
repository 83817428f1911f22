import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { foreground } from './start/foreground';
import { serviceArgument } from './start/service-argument';

/** npm run start:prod -- stg: runs what `npm run build` made of a service, with the environment as it is. */
try {
  const service = serviceArgument();
  const main = fileURLToPath(new URL(`../dist/apps/${service}/main.js`, import.meta.url));
  if (!existsSync(main)) {
    throw new Error(`${main} isn't there: \`npm run build\` makes it.`);
  }
  await foreground(['--enable-source-maps', main], process.env);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
