import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './run-to-end';

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** What is missing to download with Maven, or undefined. */
export function mavenIsMissing(): string | undefined {
  return spawnSync('mvn', ['-version']).status === 0 ? undefined : 'there is no working `mvn` on the PATH';
}

/** Puts the jars that a project needs to run into the folder. */
export async function copyDependencies(pom: string, folder: string): Promise<void> {
  const file = join(folder, 'pom.xml');
  writeFileSync(file, pom);
  await maven(
    folder,
    '-f',
    file,
    `${plugin}:copy-dependencies`,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${folder}`,
  );
}

/** Unpacks the files of an artifact that match the pattern into the folder. */
export async function unpackArtifact(artifact: string, pattern: string, folder: string): Promise<void> {
  const what = [`-Dartifact=${artifact}`, `-Dmdep.unpack.includes=${pattern}`, `-DoutputDirectory=${folder}`];
  await maven(folder, `${plugin}:unpack`, ...what);
  // The plugin's notes, in a folder of that very name where there is no project.
  rmSync(join(folder, '${project.basedir}'), { recursive: true, force: true });
}

async function maven(folder: string, ...args: string[]): Promise<void> {
  const missing = mavenIsMissing();
  if (missing) {
    throw new Error(`it is downloaded with Maven, and ${missing}: install Maven`);
  }
  await runToEnd('mvn', ['-q', '-B', ...args], { cwd: folder });
}
