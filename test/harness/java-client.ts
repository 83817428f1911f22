import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { cacheFolder, filledOnce } from '../../dev/stack/download-cache';
import { javaVersion } from '../../dev/stack/java-version';
import { kafkaJars, kafkaVersion } from '../../dev/stack/kafka-server';
import { runToEnd } from '../../dev/stack/run-to-end';
import { keep } from '../../dev/services/process-keeper';

const source = fileURLToPath(new URL('Produce.java', import.meta.url));

type Bytes = Buffer | string | null;

export interface JavaMessage {
  topic: string;
  partition: number;
  timestamp?: number | string;
  key?: Bytes;
  value: Bytes;
  headers?: readonly (readonly [name: string, value: Bytes])[];
}

/**
 * What a producer is to do: `open NAME SETTING=VALUE...`, `flush NAME`, `begin NAME`, `commit NAME`, `abort NAME`, or a
 * message.
 */
export type JavaStep = string | { by: string; message: JavaMessage };

/**
 * Kafka's own Java client in a process of its own, which does step after step. It runs `Produce.java`, so it needs a
 * JDK.
 */
export class JavaClient {
  private child?: ChildProcess;
  private answers?: AsyncIterator<string>;
  private errors?: Promise<string>;

  constructor(private readonly brokers: string) {}

  /**
   * @returns the offsets of the messages, in their order, when all steps are done and all messages are acknowledged
   * @throws with what Java said
   */
  async do(steps: JavaStep[]): Promise<string[]> {
    await this.start();
    const lines = [...steps.map((step) => (typeof step === 'string' ? step : lineOf(step))), 'end'];
    this.child!.stdin!.write(lines.map((line) => `${line}\n`).join(''));
    const { value, done } = await this.answers!.next();
    if (done) {
      throw new Error(`Java has ended: ${await this.errors}`);
    }
    return (value as string).split(' ').slice(1);
  }

  /** Ends it. A transaction that is open stays so. */
  async close(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      this.child.stdin!.end();
      await once(this.child, 'close');
    }
  }

  private async start(): Promise<void> {
    if (this.child) {
      return;
    }
    const jars = await kafkaJars();
    const program = ['-XX:SharedArchiveFile=classes.jsa', ...programIn(jars), this.brokers];
    this.child = spawn('java', program, { cwd: await compiled(jars) });
    keep(this.child);
    this.errors = text(this.child.stderr!);
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }
}

/** Many are started, and each lives for a minute. What the JVM logs would stand among the answers. */
function programIn(jars: string): string[] {
  const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xlog:disable'];
  return [...options, '-cp', `produce.jar:${join(jars, '*')}`, 'Produce'];
}

/**
 * The folder with the program as a jar, and with its classes as the JVM maps them: no start has to load them from the
 * jars of Kafka. A JVM that can't use them does without.
 */
function compiled(jars: string): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(source)).update(`${kafkaVersion} ${javaVersion()}`);
  return filledOnce(cacheFolder(`produce-${hash.digest('hex').slice(0, 12)}`), async (draft) => {
    await runToEnd('javac', ['-cp', join(jars, '*'), '-d', join(draft, 'classes'), source]);
    await runToEnd('jar', ['--create', '--file', 'produce.jar', '-C', 'classes', '.'], { cwd: draft });
    // It opens producers and ends, which no broker need answer.
    await runToEnd('java', ['-XX:ArchiveClassesAtExit=classes.jsa', ...programIn(jars), '127.0.0.1:9'], {
      cwd: draft,
      input: 'open plain\nopen packed compression.type=zstd\nend\n',
    });
  });
}

function lineOf({ by, message }: { by: string; message: JavaMessage }): string {
  const { topic, partition, timestamp = Date.now(), key = null, value, headers = [] } = message;
  return ['send', by, topic, partition, timestamp, word(key), word(value), ...headers.flat().map(word)].join(
    ' ',
  );
}

/** Spaces are between words, and no bytes are not the same as none. */
function word(bytes: Bytes): string {
  return bytes === null ? '-' : `.${Buffer.from(bytes).toString('base64')}`;
}
