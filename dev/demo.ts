import { Command } from 'commander';
import { wholeNumber } from '../ops/command/option-values';
import { runCommand } from '../ops/command/run-command';
import { runDemo } from './demo/run-demo';

await runCommand(
  new Command('npm run demo --')
    .description(
      'The whole system on this machine: local servers, the three services, a history of orders and then a live stream. Every ' +
        'demo starts from nothing. It goes on until Ctrl-C, and takes everything down.',
    )
    .option('--orders <n>', 'how many orders the history has', wholeNumber(0), 50_000)
    .option(
      '--exit',
      'end when the history is in; the servers keep running, so that you can look at the tables',
      false,
    )
    .action(runDemo),
);
