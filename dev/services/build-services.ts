import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const nest = fileURLToPath(new URL('../../node_modules/@nestjs/cli/bin/nest.js', import.meta.url));
const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
const checkout = fileURLToPath(new URL('../..', import.meta.url));

/**
 * As `npm run build`.
 * @param rspackPath how, where it is otherwise
 * @throws with what the build printed
 */
export async function buildServices(rspackPath = 'rspack.config.mjs'): Promise<void> {
  const how = ['build', '--all', '--rspackPath', rspackPath];
  try {
    await promisify(execFile)(process.execPath, [nest, ...how], { cwd: checkout });
    await promisify(execFile)(process.execPath, [vite, 'build', 'dashboard'], { cwd: checkout });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The services cannot be built:\n${stdout}${stderr}`);
  }
}
