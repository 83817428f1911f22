import { spawn, type SpawnOptions } from 'node:child_process';

interface RunOptions extends Omit<SpawnOptions, 'stdio'> {
  /** What it reads from its standard input. */
  input?: string;
  /** Gets its number at once. */
  started?: (pid: number) => void;
}

/**
 * Runs a program to its end.
 * @returns all that it printed, standard error included.
 * @throws with the last lines that it printed when it fails.
 */
export function runToEnd(file: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { input = '', started, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...spawnOptions, stdio: 'pipe' });
    if (child.pid) {
      started?.(child.pid);
    }
    let output = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) {
        return resolve(output);
      }
      reject(new Error(`${file} ended with ${code ?? signal}:\n${lastLines(output)}`));
    });
    child.stdin!.on('error', () => {}); // it may end without reading; its exit code says more
    child.stdin!.end(input);
  });
}

export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
