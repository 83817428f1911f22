import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { runCommand } from '../ops/command/run-command';
import { serviceNames } from './services/local-services';
import { settingsLikeTheImage } from './services/node-of-release';
import { foreground } from './start/foreground';

await runCommand(
  new Command('npm run start:prod --')
    .description('Runs what `npm run build` made of a service, with the environment as it is.')
    .addArgument(new Argument('<service>').choices(serviceNames))
    .action(async (service: string) => {
      const main = fileURLToPath(new URL(`../dist/apps/${service}/main.js`, import.meta.url));
      if (!existsSync(main)) {
        throw new Error(`${main} isn't there: \`npm run build\` makes it.`);
      }
      const { options, variables } = settingsLikeTheImage();
      await foreground([...options, main], { ...variables, ...process.env });
    }),
);
