import { spawnSync } from 'node:child_process';

/** What the `java` on the PATH says of its version and build; undefined where there is none that works. */
export function javaVersion(): string | undefined {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return status === 0 ? stderr : undefined;
}
