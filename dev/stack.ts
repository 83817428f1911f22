import { finished } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { wholeNumber } from '../ops/command/option-values';
import { runCommand } from '../ops/command/run-command';
import { down, environment, startServer, status, stopServer, up } from './stack/stack';
import { serverNames, stackFolder, type ServerName } from './stack/stack-state';

interface Place {
  name: string;
  dir?: string;
}

const stack = new Command('npm run stack --')
  .description(
    'Local servers for development and tests: Apache Kafka, PostgreSQL and Redis, as processes of this machine (or as containers, ' +
      'where there is no Java and Maven but a Docker engine). A stack is a throw-away: down removes its data.',
  )
  .option('--name <name>', 'keeps stacks apart', 'dev')
  .option(
    '--dir <folder>',
    'where it has configuration, logs and data (default: ~/.local/state/order-vault/NAME)',
  )
  .exitOverride();

const upCommand = stack
  .command('up')
  .description('start what is not running, and return when all of it can be used');
for (const server of serverNames) {
  upCommand.option(`--${server}-port <port>`, 'default: a free one, kept until down', wholeNumber(1, 65_535));
}
upCommand.action(async (options: Record<string, number>) => {
  const { name, dir: folder } = stack.opts<Place>();
  const ports = serverNames.flatMap((server) => {
    const port = options[`${server}Port`];
    return port === undefined ? [] : [[server, port] as const];
  });
  await up(name, { folder, ports: Object.fromEntries(ports) });
  console.log(`The stack ${name} is up, in ${stackFolder(name, { folder })}`);
  await printStatus();
});

stack
  .command('down')
  .description('stop the servers and remove all that is stored in them')
  .option('--after-input', 'when the standard input has ended')
  .action(async ({ afterInput }: { afterInput?: true }) => {
    const { name, dir: folder } = stack.opts<Place>();
    if (afterInput) {
      await finished(process.stdin.resume());
    }
    await down(name, { folder });
    console.log(`The stack ${name} is down, its data removed.`);
  });

stack
  .command('status')
  .description('each server: its state, address, process and log; exit code 1 if one is dead')
  .action(printStatus);

stack
  .command('env')
  .description('KEY=value lines for the services (npm run -s stack -- env prints nothing else)')
  .action(async () => {
    const { name, dir: folder } = stack.opts<Place>();
    for (const [key, value] of Object.entries(await environment(name, { folder }))) {
      console.log(`${key}=${value}`);
    }
  });

const oneServer = () => new Option('--server <server>', 'which').choices(serverNames).makeOptionMandatory();

stack
  .command('stop')
  .description('stop one server, keeping its data')
  .addOption(oneServer())
  .option('--kill', 'with SIGKILL')
  .action(async ({ server, kill }: { server: ServerName; kill?: true }) => {
    const { name, dir: folder } = stack.opts<Place>();
    await stopServer(name, server, { folder, signal: kill ? 'SIGKILL' : 'SIGTERM' });
  });

stack
  .command('start')
  .description('start one server again on the same port with the same data')
  .addOption(oneServer())
  .action(async ({ server }: { server: ServerName }) => {
    const { name, dir: folder } = stack.opts<Place>();
    await startServer(name, server, { folder });
  });

await runCommand(stack);

async function printStatus(): Promise<void> {
  const { name, dir: folder } = stack.opts<Place>();
  const servers = await status(name, { folder });
  for (const { server, state, address, pid, log } of servers) {
    console.log(`  ${server.padEnd(8)}  ${state.padEnd(7)}  ${address}  ${pid ? `pid ${pid}  ` : ''}${log}`);
  }
  if (servers.some(({ state }) => state === 'dead')) {
    process.exitCode = 1;
  }
}
