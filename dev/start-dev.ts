import { fileURLToPath } from 'node:url';
import { environment } from './stack/stack';
import { foreground } from './start/foreground';
import { serviceArgument } from './start/service-argument';

const nest = fileURLToPath(new URL('../node_modules/@nestjs/cli/bin/nest.js', import.meta.url));

/** npm run start:dev -- stg: builds and runs a service, again at every change, on the local stack `dev`. */
try {
  const service = serviceArgument();
  // The stack's variables last: what a shell happens to know of another database is not for development.
  const variables = { ...process.env, ...(await environment('dev')) };
  await foreground([nest, 'start', service, '--watch'], variables);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
