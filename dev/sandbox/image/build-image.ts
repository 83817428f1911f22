import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDockerfile, type Stage, type Step } from '../../services/dockerfile';
import { nodeLikeTheImage } from '../../services/node-of-release';
import { runToEnd } from '../../stack/run-to-end';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** What `docker build` would make, but for the files of the base image. */
export interface Image extends Pick<
  Stage,
  'environment' | 'user' | 'healthCheck' | 'entrypoint' | 'command'
> {
  /** The program of Node that stands for that of the base image. */
  node: string;
  /** The folder that stands for the root of its file system. */
  root: string;
  /** The folder in which its processes start, inside of the root. */
  workdir: string;
}

/**
 * Performs the steps of the Dockerfile, each stage in a folder of its own.
 * @param folder empty
 * @throws with what the step printed that failed
 */
export async function buildImage(folder: string, say: (line: string) => void): Promise<Image> {
  const stages = readDockerfile(readFileSync(join(checkout, 'Dockerfile'), 'utf8'));
  const workdirs = new Map<string, string>();
  chmodSync(folder, 0o755); // the account of the image has to get in
  for (const stage of stages) {
    const root = join(folder, stage.name);
    const isOurs = stages.some(({ name }) => name === stage.from);
    mkdirSync(root);
    if (isOurs) {
      cpSync(join(folder, stage.from), root, { recursive: true, verbatimSymlinks: true });
    }
    let workdir = isOurs ? workdirs.get(stage.from)! : '/';
    say(`${stage.name}: from ${isOurs ? stage.from : 'nothing'}`);
    for (const step of stage.steps) {
      workdir = await perform(step, { folder, root, workdir, environment: stage.environment });
    }
    workdirs.set(stage.name, workdir);
  }
  const last = stages.at(-1)!;
  const root = join(folder, last.name);
  // In a folder that the account of the image can read.
  const node = join(folder, 'node');
  copyFileSync(await nodeLikeTheImage(), node);
  return { ...last, node, root, workdir: join(root, workdirs.get(last.name)!) };
}

interface Place {
  folder: string;
  root: string;
  workdir: string;
  environment: Record<string, string>;
}

/** @returns the working directory of the next step */
async function perform(step: Step, { folder, root, workdir, environment }: Place): Promise<string> {
  const here = join(root, workdir);
  if (step.kind === 'workdir') {
    mkdirSync(join(root, step.folder), { recursive: true });
    return step.folder;
  }
  if (step.kind === 'run') {
    await runToEnd('sh', ['-c', step.script], { cwd: here, env: { ...ownEnvironment(), ...environment } });
  } else {
    const from = step.stage === undefined ? checkout : join(folder, step.stage);
    for (const source of step.sources) {
      const target = step.target.endsWith('/')
        ? join(here, step.target, basename(source))
        : join(here, step.target);
      cpSync(join(from, source), target, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => step.stage !== undefined || isContext(relative(checkout, path)),
      });
    }
  }
  return workdir;
}

/** As .dockerignore has it: of what is copied, tests are left out. */
function isContext(path: string): boolean {
  return !path.endsWith('.spec.ts');
}

/** Without what npm gives its scripts of the project that they belong to. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(lifecycle|package|config_local_prefix)|INIT_CWD|NODE_ENV)/.test(name),
    ),
  );
}
