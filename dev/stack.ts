import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { ServerName } from './stack/stack-state';
import { down, environment, startServer, status, stopServer, up } from './stack/stack';
import { stackFolder } from './stack/stack-state';

const help = `npm run stack -- COMMAND [--name NAME] [--dir FOLDER]

Local servers for development and tests: Apache Kafka, PostgreSQL and Redis, as processes of this machine (or as
containers, where there is no Java and Maven but a Docker engine). A stack is a throw-away: down removes its data.

  up        start what isn't running, and return when all of it can be used
  down      stop the servers and remove all that is stored in them (--after-input: when the standard input has ended)
  status    each server: its state, address, process and log; exit code 1 if one is dead
  env       KEY=value lines for the services (npm run -s stack -- env prints nothing else)
  stop      stop one server (--server kafka|postgres|redis), keeping its data; --kill: with SIGKILL
  start     start it again on the same port with the same data

  --name NAME    keeps stacks apart; default: dev
  --dir FOLDER   where the stack keeps configuration, logs and data; default: ~/.local/state/order-vault/NAME
  --kafka-port, --postgres-port, --redis-port PORT    for up; default: free ones, kept until down
`;

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'dev' },
      dir: { type: 'string' },
      server: { type: 'string' },
      'after-input': { type: 'boolean' },
      kill: { type: 'boolean' },
      'kafka-port': { type: 'string' },
      'postgres-port': { type: 'string' },
      'redis-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { name, dir: folder } = values;
  const [command, ...rest] = positionals;
  if (rest.length > 0) {
    throw new Error(`One command at a time: "${rest.join(' ')}" is too much.`);
  }

  switch (values.help ? undefined : command) {
    case undefined:
      console.log(help);
      if (!values.help) {
        process.exitCode = 1;
      }
      return;
    case 'up':
      await up(name, { folder, ports: givenPorts(values) });
      console.log(`The stack ${name} is up, in ${stackFolder(name, { folder })}`);
      return printStatus(name, folder);
    case 'down':
      if (values['after-input']) {
        await finished(process.stdin.resume());
      }
      await down(name, { folder });
      return console.log(`The stack ${name} is down, its data removed.`);
    case 'status':
      return printStatus(name, folder);
    case 'env':
      for (const [key, value] of Object.entries(await environment(name, { folder }))) {
        console.log(`${key}=${value}`);
      }
      return;
    case 'stop':
      return stopServer(name, givenServer(values.server), {
        folder,
        signal: values.kill ? 'SIGKILL' : 'SIGTERM',
      });
    case 'start':
      return startServer(name, givenServer(values.server), { folder });
    default:
      throw new Error(`There is no command "${command}".\n\n${help}`);
  }
}

async function printStatus(name: string, folder: string | undefined): Promise<void> {
  const servers = await status(name, { folder });
  for (const { server, state, address, pid, log } of servers) {
    console.log(`  ${server.padEnd(8)}  ${state.padEnd(7)}  ${address}  ${pid ? `pid ${pid}  ` : ''}${log}`);
  }
  if (servers.some(({ state }) => state === 'dead')) {
    process.exitCode = 1;
  }
}

function givenPorts(values: Record<string, unknown>): Partial<Record<ServerName, number>> {
  const names: ServerName[] = ['kafka', 'postgres', 'redis'];
  return Object.fromEntries(
    names.flatMap((server) => {
      const given = values[`${server}-port`];
      if (given === undefined) {
        return [];
      }
      const port = Number(given);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new Error(`--${server}-port is a number from 1 to 65535: "${given}" isn't.`);
      }
      return [[server, port]];
    }),
  );
}

function givenServer(given: string | undefined): ServerName {
  if (given === 'kafka' || given === 'postgres' || given === 'redis') {
    return given;
  }
  throw new Error(`--server is kafka, postgres or redis${given ? `: "${given}" isn't` : ''}.`);
}
