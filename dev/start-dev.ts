import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { runCommand } from '../ops/run-command';
import { serviceNames } from './services/local-services';
import { environment } from './stack/stack';
import { foreground } from './start/foreground';

const nest = fileURLToPath(new URL('../node_modules/@nestjs/cli/bin/nest.js', import.meta.url));

await runCommand(
  new Command('npm run start:dev --')
    .description('Builds and runs a service, again at every change, on the local stack `dev`.')
    .addArgument(new Argument('<service>').choices(serviceNames))
    .action(async (service: string) => {
      // The stack's variables last: what a shell happens to know of another database is not for development.
      const variables = { ...process.env, ...(await environment('dev')) };
      await foreground([nest, 'start', service, '--watch'], variables);
    }),
);
