import type { ServiceName } from '../services/local-services';
import type { Machine } from './describe-machine';
import type { SpanCount } from './span-counter';
import type { Statement } from './statement-statistics';

/** All that one call of the benchmark has measured; what the JSON file holds. */
export interface BenchReport {
  machine: Machine;
  runs: { history: CatchUp; floor: Floor }[];
  freshness?: Freshness;
  /** One history after the other, on the same servers. */
  growth?: CatchUp[];
  backlog?: CatchUp;
  scale?: ScaledCatchUp[];
  /** Without rules and with ten, in turn. */
  tags?: TagCost[];
  /** Without traces and with them, in turn. */
  traces?: TracedCatchUp[];
}

/** A history with traces of a tenth of the orders, or without any. */
export interface TracedCatchUp extends CatchUp {
  /** What the collector got of the services until they had ended; undefined without traces. */
  received?: SpanCount;
}

/** The marts of a history, filled by cdm alone under so many tag rules. */
export interface TagCost extends Pick<Effort, 'seconds' | 'cpuSeconds'> {
  orders: number;
  rules: number;
}

/** A history with so many processes of each service, on topics of so many partitions. */
export interface ScaledCatchUp extends CatchUp {
  replicas: number;
  partitions: number;
  /** Seconds that connections have waited for locks of others, by the table of the waiting statement. */
  lockSeconds: Record<string, number>;
  /** Processor milliseconds a second of each process afterwards, with nothing to do. */
  idle: Record<string, number>;
}

/** What it took PostgreSQL and the processes around it to fill the tables. */
export interface Effort {
  seconds: number;
  /** Seconds of all processors together, by process; what runs in containers is not in it. */
  cpuSeconds: Record<string, number>;
  walBytes: number;
  /**
   * The statements of the services or of the floor, the most time-consuming first. Empty where PostgreSQL does not
   * say.
   */
  statements: Statement[];
}

/** A history that waited in the topic, from the start of the services until the marts held it. */
export interface CatchUp extends Effort {
  orders: number;
  messages: number;
  /** Version of Node.js that the services ran on. */
  node: string;
  /** From the start of the services until all were ready. */
  readySeconds: number;
  /** Of `cpuSeconds` what each process of a service took until it was ready; reports of earlier releases have none. */
  startCpuSeconds?: Record<string, number>;
  services: Record<ServiceName, ServiceEffort>;
}

/** Durations are sums over all batches, of which several are in hand at once. */
export interface ServiceEffort {
  messages: number;
  batches: number;
  /** From a batch read to its effects durable; `databaseSeconds` and own work are in it. */
  handleSeconds: number;
  /** Until Kafka had acknowledged the outputs. */
  publishSeconds: number;
  /** Until the offsets had moved. */
  commitSeconds: number;
  /** From statements sent to their answers. */
  databaseSeconds: number;
  garbageSeconds: number;
  /** From the start of the services until this one had nothing left to read. */
  doneSeconds: number;
  /** The most resident memory since the start, in MiB. */
  peakMemory: number;
}

/** The same rows by plain SQL. */
export interface Floor extends Effort {
  /** Seconds of each layer. */
  layers: Record<ServiceName, number>;
  rows: number;
}

/** Milliseconds from the send of an order to its row in the marts. */
export interface Freshness {
  orders: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}
