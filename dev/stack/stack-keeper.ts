import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stackFolder, type StackPlace } from './stack-state';

const entry = fileURLToPath(new URL('../stack.ts', import.meta.url));
const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Takes the stack down, and returns when that is done. */
export type Release = () => Promise<void>;

/**
 * Binds a stack to this process: it goes down with it, however it ends, `kill -9` included. To be called before `up`.
 * A process of its own watches this one's end of a pipe, since the dead can't clean up.
 */
export function keep(name: string, place: StackPlace = {}): Release {
  const stack = ['--name', name, '--dir', stackFolder(name, place)];
  const keeper = spawn(process.execPath, ['--import', 'tsx', entry, 'down', ...stack, '--after-input'], {
    cwd: checkout,
    detached: true, // Ctrl-C in the terminal is not for it
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  keeper.stdin.on('error', () => {}); // it has ended already: its exit code says
  let complaint = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = once(keeper, 'close') as Promise<[number]>;

  return async () => {
    keeper.stdin.end();
    const [code] = await ended;
    if (code !== 0) {
      throw new Error(`The stack ${name} isn't down: ${complaint}`);
    }
  };
}
