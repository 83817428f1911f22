import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { portIsFree } from './free-ports';
import { isRunning, runningProcesses } from './process-table';
import { lastLines, runToEnd } from './run-to-end';
import type { Runtime } from './runtime';
import type { Server } from './server';
import type { Stack } from './stack-state';
import { untilUsable } from './until-usable';

const stopPatience = 20_000;
const childPatience = 5_000;

/** The servers as processes of this machine, each with a pid file and a log in the folder of its stack. */
export const processes: Runtime = {
  async start(stack, servers) {
    const results = await Promise.allSettled(servers.map((server) => start(stack, server)));
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Error).message] : [],
    );
    if (failures.length > 0) {
      throw new Error(failures.join('\n\n'));
    }
  },

  async stop(stack, server, manner) {
    await stop(stack, server, manner === 'kill' ? 'SIGKILL' : server.stopSignal);
  },

  async remove(stack, servers) {
    await Promise.all(servers.map((server) => stop(stack, server, server.stopSignal)));
  },

  async state(stack, server) {
    const pid = runningPid(stack, server);
    return { state: pid ? 'running' : 'dead', pid, log: logFile(stack, server) };
  },

  lastWords(stack, server) {
    const file = logFile(stack, server);
    const log = existsSync(file) ? lastLines(readFileSync(file, 'utf8')) : '';
    return log ? `Its log, ${file}, ends with:\n${log}` : `Its log is ${file}; it is empty.`;
  },
};

async function start(stack: Stack, server: Server): Promise<void> {
  try {
    await prepareOnce(stack, server);
    if (!runningPid(stack, server)) {
      await launch(stack, server);
    }
    await untilUsable(stack, server, () => runningPid(stack, server) !== undefined);
  } catch (error) {
    const { title } = server;
    const reason = (error as Error).message;
    throw new Error(
      `${title} of the stack ${stack.name} did not start: ${reason}\n${processes.lastWords(stack, server)}`,
    );
  }
}

/** Stops the server, the hard way if it doesn't hear, and returns when all of its processes are gone. */
async function stop(stack: Stack, server: Server, signal: NodeJS.Signals): Promise<void> {
  const pid = runningPid(stack, server);
  if (pid) {
    send(pid, signal);
    if (!(await within(stopPatience, () => !runningPid(stack, server)))) {
      send(pid, 'SIGKILL');
    }
    await within(childPatience, () => !runningPid(stack, server));
  }
  await endChildren(stack, server);
  rmSync(pidFile(stack, server), { force: true });
}

/** The process of the server, if it runs. The number in a pid file may belong to a stranger by now. */
function runningPid(stack: Stack, server: Server): number | undefined {
  const file = pidFile(stack, server);
  if (!existsSync(file)) {
    return undefined;
  }
  const pid = Number(readFileSync(file, 'utf8'));
  return isRunning(pid, server.identity(stack)) ? pid : undefined;
}

async function prepareOnce(stack: Stack, server: Server): Promise<void> {
  const done = join(stack.folder, `${server.name}.prepared`);
  if (existsSync(done)) {
    return;
  }
  await stop(stack, server, 'SIGKILL'); // an interrupted `up` may have left it preparing
  const files = join(stack.folder, server.name);
  rmSync(files, { recursive: true, force: true });
  mkdirSync(files);
  for (const { file, args, folder, input, account } of await server.prepare(stack)) {
    await runToEnd(file, args, {
      cwd: folder,
      input,
      started: (pid) => keepPid(stack, server, pid),
      ...account,
    });
  }
  writeFileSync(done, '');
}

async function launch(stack: Stack, server: Server): Promise<void> {
  await endChildren(stack, server);
  const { file, args, folder, account } = await server.command(stack);
  const port = stack.ports[server.name];
  // Otherwise what listens there might be taken for the server that is about to fail.
  if (!(await portIsFree(port))) {
    throw new Error(`its port ${port} is taken by another process`);
  }

  const log = openSync(logFile(stack, server), 'a');
  const child = spawn(file, args, { cwd: folder, detached: true, stdio: ['ignore', log, log], ...account });
  closeSync(log);
  if (child.pid) {
    keepPid(stack, server, child.pid);
  }
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
}

/** Child processes of a server that was killed notice it by themselves, but not in the middle of a long query. */
async function endChildren(stack: Stack, server: Server): Promise<void> {
  if (await within(childPatience, () => children(stack, server).length === 0)) {
    return;
  }
  children(stack, server).forEach((pid) => send(pid, 'SIGKILL'));
  await within(childPatience, () => children(stack, server).length === 0);
}

function children(stack: Stack, server: Server): number[] {
  const identity = server.childIdentity?.(stack);
  if (!identity) {
    return [];
  }
  return runningProcesses()
    .filter(({ command }) => command.startsWith(identity))
    .map(({ pid }) => pid);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    } // it has just ended
  }
}

function logFile(stack: Stack, server: Server): string {
  return join(stack.folder, `${server.name}.log`);
}

function keepPid(stack: Stack, server: Server, pid: number): void {
  writeFileSync(pidFile(stack, server), String(pid));
}

function pidFile(stack: Stack, server: Server): string {
  return join(stack.folder, `${server.name}.pid`);
}

async function within(milliseconds: number, condition: () => boolean): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(50);
  }
  return true;
}
