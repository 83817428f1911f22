import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { runCommand } from '../ops/command/run-command';
import { asyncapiText } from './asyncapi/asyncapi-document';

const file = new URL('../docs/asyncapi.json', import.meta.url);

await runCommand(
  new Command('npm run asyncapi --')
    .description(
      'Writes docs/asyncapi.json, the description of all topics, again from the contracts and the table of topics.',
    )
    .option('--check', 'writes nothing, and fails where the file is out of date')
    .action(async ({ check }: { check?: true }) => {
      if (!check) {
        writeFileSync(file, await asyncapiText());
      } else if (readFileSync(file, 'utf8') !== (await asyncapiText())) {
        throw new Error('docs/asyncapi.json is out of date: npm run asyncapi writes it again.');
      }
    }),
);
