import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports';
import { nodeLikeTheImage } from '../../dev/services/node-of-release';
import { keep } from '../../dev/services/process-keeper';
import { quickStart } from './quick-start';

export type ServiceName = 'stg' | 'dds' | 'cdm';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** A busy machine takes many times the second that a start needs. */
const READY_MS = 180_000;
/** Longer than a service takes to end when it keeps its grace time. */
const STOP_MS = 20_000;

/**
 * Folder of a build of the services: as shipped, with failpoints (`npm run build:failpoints`), or of another checkout.
 */
export type Build = 'dist' | 'dist-failpoints' | `/${string}`;

/** One replica of a service: `node dist/apps/NAME/main.js`, with exactly the environment that it is given. */
export class ServiceProcess {
  private child?: ChildProcess;
  private port?: number;
  private asked = false;

  /** @param log a file that all its runs write to */
  constructor(
    readonly name: ServiceName,
    private readonly environment: Record<string, string>,
    readonly log: string,
    private readonly build: Build = 'dist',
  ) {}

  /** Starts it and returns when it is ready. */
  async start(): Promise<void> {
    await this.launch();
    await this.untilReady();
  }

  /** Starts it and returns at once: what it needs may be down. */
  async launch(): Promise<void> {
    const entry = resolve(checkout, this.build, 'apps', this.name, 'main.js');
    if (!existsSync(entry)) {
      const script = this.build === 'dist-failpoints' ? 'build:failpoints' : 'build';
      throw new Error(`${entry} isn't there: \`npm run ${script}\` makes it`);
    }
    this.port ??= (await freePorts(1))[0]!;
    this.asked = false;
    const node = await nodeLikeTheImage();
    const output = openSync(this.log, 'a');
    // Nothing of the test's own environment but the path: NODE_ENV=test is no environment for a service.
    const env = { PATH: process.env.PATH, ...quickStart, PORT: String(this.port), ...this.environment };
    this.child = spawn(node, [entry], { env, stdio: ['ignore', output, output] });
    closeSync(output);
    keep(this.child);
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Whether it has ended without being asked to. */
  get crashed(): boolean {
    return this.child !== undefined && !this.running && !this.asked;
  }

  get pid(): number {
    return this.alive().pid!;
  }

  /** Its HTTP address, e.g. for `/metrics`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** SIGTERM; returns the exit code. */
  async stop(): Promise<number | null> {
    const child = this.alive();
    const exit = once(child, 'exit') as Promise<[number | null]>;
    this.asked = true;
    child.kill('SIGTERM');
    const tooLong = sleep(STOP_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${this.name} still runs ${STOP_MS / 1000} s after SIGTERM\n${this.tail()}`);
    });
    const [code] = await Promise.race([exit, tooLong]);
    return code;
  }

  /** SIGKILL, also when it is frozen. */
  async kill(): Promise<void> {
    const child = this.alive();
    const exit = once(child, 'exit');
    this.asked = true;
    child.kill('SIGKILL');
    await exit;
  }

  /**
   * Waits until it ends by itself.
   * @throws when it still runs after that time
   */
  async ended(milliseconds: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const child = this.child!;
    this.asked = true;
    const deadline = Date.now() + milliseconds;
    while (this.running) {
      if (Date.now() > deadline) {
        throw new Error(`${this.name} still runs after ${milliseconds / 1000} s\n${this.tail()}`);
      }
      await sleep(50);
    }
    return { code: child.exitCode, signal: child.signalCode };
  }

  /** SIGSTOP: it holds its locks and connections, and does nothing. */
  freeze(): void {
    this.alive().kill('SIGSTOP');
  }

  /** SIGCONT. */
  thaw(): void {
    this.alive().kill('SIGCONT');
  }

  /** Lets it stop cleanly and starts it again, on the same port. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The last lines of its log, for a message. */
  tail(lines = 20): string {
    const text = existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd() : '';
    const shown = text
      .split('\n')
      .slice(-lines)
      .map((line) => (line.length > 500 ? `${line.slice(0, 500)}…` : line));
    return `The log of ${this.name}, ${this.log}, ends with:\n${shown.join('\n')}`;
  }

  /** @throws with its last answer, when it isn't ready after that time */
  async untilReady(milliseconds = READY_MS): Promise<void> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      this.alive();
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      if (Date.now() > deadline) {
        const reason = answer ? await answer.text() : 'no answer';
        throw new Error(`${this.name} isn't ready after ${milliseconds / 1000} s: ${reason}\n${this.tail()}`);
      }
      await sleep(200);
    }
  }

  private alive(): ChildProcess {
    if (!this.child || !this.running) {
      throw new Error(`${this.name} isn't running\n${this.tail()}`);
    }
    return this.child;
  }
}
