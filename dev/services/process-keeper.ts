import { spawn, type ChildProcess } from 'node:child_process';

/** Ends the processes of its list, which comes as lines of `+pid` and `-pid`, when the input ends. */
const script = `
  const pids = new Set();
  require('node:readline')
    .createInterface({ input: process.stdin })
    .on('line', (line) => (line[0] === '+' ? pids.add(Number(line)) : pids.delete(-Number(line))))
    .on('close', () => {
      for (const pid of pids) try { process.kill(pid, 'SIGKILL'); } catch {}
    });`;

let keeper: ChildProcess | undefined;

/**
 * Makes sure that a child ends with this process, however that ends, `kill -9` included. A process of its own watches
 * this one's end of a pipe; it kills, since a child that was stopped by a signal would hear nothing else.
 */
export function keep(child: ChildProcess): void {
  if (!keeper) {
    // Detached: Ctrl-C in the terminal is not for it.
    keeper = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    keeper.unref();
    (keeper.stdin as unknown as { unref(): void }).unref();
  }
  const { pid } = child;
  keeper.stdin!.write(`+${pid}\n`);
  child.once('exit', () => keeper!.stdin!.write(`-${pid}\n`));
}
