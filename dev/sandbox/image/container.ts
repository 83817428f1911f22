import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep } from '../../services/process-keeper';
import { lastLines } from '../../stack/run-to-end';
import type { Image } from './build-image';

/**
 * What root can do without a container engine: namespaces in which the process is number 1 and the file system
 * read-only, and an account without any capability.
 */
function confine(user: number): string[] {
  const namespaces = 'unshare --mount --pid --fork --kill-child --'.split(' ');
  const readOnly = ['sh', '-c', 'mount -o remount,bind,ro / && exec setpriv "$@"', 'sh'];
  const account = `--reuid=${user} --regid=${user} --clear-groups --no-new-privs --bounding-set=-all --`;
  return [...namespaces, ...readOnly, ...account.split(' ')];
}

/** Why containers cannot be imitated here, or undefined. */
export function whyNotConfined(): string | undefined {
  if (process.platform !== 'linux') {
    return 'this is not Linux';
  }
  if (process.getuid?.() !== 0) {
    return 'this is not root';
  }
  const [file = '', ...args] = confine(1000);
  const { status, stderr } = spawnSync(file, [...args, 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : lastLines(stderr, 1);
}

/** A process of the image: what stands in its folder and in the environment that it is given, and nothing else. */
export class Container {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private output = '';

  /** @param command what follows the image's name in `docker run`; without it the image's own */
  constructor(
    readonly name: string,
    private readonly image: Image,
    environment: Record<string, string>,
    private readonly isConfined: boolean,
    command: string[] = image.command,
  ) {
    const [, ...entrypoint] = image.entrypoint; // node, by its name: it is that of the base image
    const words = [...(isConfined ? confine(image.user ?? 0) : []), image.node, ...entrypoint, ...command];
    this.child = spawn(words[0]!, words.slice(1), {
      cwd: image.workdir,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...image.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    keep(this.child);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = once(this.child, 'close');
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @throws with its last lines when it ends with another code than 0 */
  async end(): Promise<string> {
    await this.ended;
    if (this.child.exitCode !== 0) {
      throw this.complaint(`ended with ${this.child.exitCode}`);
    }
    return this.output;
  }

  /**
   * SIGTERM as Docker and Kubernetes send it: to process 1. @returns after how many milliseconds it had ended with 0
   */
  async stop(): Promise<number> {
    const begun = Date.now();
    process.kill(this.processId, 'SIGTERM');
    await this.end();
    return Date.now() - begun;
  }

  /** Most memory that it had resident so far, in MiB. */
  get memory(): number {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(this.status) ?? [];
    return Number(kibibytes) / 1024;
  }

  /** @throws when it is not what an image that is run as intended would be */
  checkConfinement(): void {
    if (!this.isConfined) {
      return;
    }
    const expected = [
      new RegExp(`^Uid:\\s+${this.image.user}\\b`, 'm'),
      /^NSpid:\s+\d+\s+1$/m,
      /^CapBnd:\s+0+$/m,
      /^CapEff:\s+0+$/m,
      /^NoNewPrivs:\s+1$/m,
    ];
    const missing = expected.find((line) => !line.test(this.status));
    if (missing) {
      throw this.complaint(`has no line ${missing} in its status:\n${this.status}`);
    }
    const root = readFileSync(`/proc/${this.processId}/mounts`, 'utf8')
      .split('\n')
      .findLast((line) => line.split(' ')[1] === '/');
    if (!/ ro[, ]/.test(root ?? '')) {
      throw this.complaint(`can write: ${root}`);
    }
  }

  complaint(what: string): Error {
    return new Error(`${this.name} ${what}\n${lastLines(this.output)}`);
  }

  /**
   * In the namespace of all processes. Where it is confined, it is the only child of the command that made its
   * namespaces.
   */
  private get processId(): number {
    if (!this.isConfined) {
      return this.child.pid!;
    }
    const children = join('/proc', `${this.child.pid}`, 'task', `${this.child.pid}`, 'children');
    return Number(execFileSync('cat', [children], { encoding: 'utf8' }).trim());
  }

  private get status(): string {
    return readFileSync(`/proc/${this.processId}/status`, 'utf8');
  }
}
