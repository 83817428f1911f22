import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { runCommand } from '../ops/command/run-command';
import { serviceNames } from './services/local-services';
import { environment } from './stack/stack';
import { readEnvFile } from './start/env-file';
import { foreground } from './start/foreground';

const nest = fileURLToPath(new URL('../node_modules/@nestjs/cli/bin/nest.js', import.meta.url));

await runCommand(
  new Command('npm run start:dev --')
    .description(
      'Builds and runs a service, again at every change, on the servers of `.env` or the stack `dev`.',
    )
    .addArgument(new Argument('<service>').choices(serviceNames))
    .action(async (service: string) => {
      const file = readEnvFile();
      // After the shell's: what a shell happens to know of another database is not for development.
      const servers = file.DATABASE_URL ? {} : await environment('dev');
      const variables = { ...process.env, ...servers, ...file };
      await foreground([nest, 'start', service, '--watch'], variables);
    }),
);
