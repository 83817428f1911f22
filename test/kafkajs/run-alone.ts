import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../dev/stack/run-to-end';

/**
 * Runs a program of this folder in a process of its own, where kafkajs is plain: test files share one process, and a
 * file that mends kafkajs changes it for all of them.
 * @param name of the file, without its ending
 * @returns what it printed
 */
export async function runAlone(name: string, ...args: string[]): Promise<string> {
  const program = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const options = ['--no-warnings', '--import', 'tsx'];
  return (await runToEnd(process.execPath, [...options, program, ...args])).trim();
}
