import { Injectable, Logger } from '@nestjs/common';
import { ConsumerLag } from '@app/kafka/consumer-lag';
import { countDone, type DoneLetters } from '@app/operations/letter-marks';
import { reasonOf } from '@app/servers/reason-of';
import type { Client } from '@app/warehouse/warehouse';
import type { PipelineAnswer } from './pipeline.contract';
import { serviceAnswer, staleSince, type BrokerFigures, type ServiceRow } from './service-state';
import { StateWarehouses } from './state-warehouses';

/** So long an answer serves all who ask, in milliseconds. */
const FRESH_MS = 1_000;
/** A server that does not answer by then counts as away. */
const ANSWER_MS = 3_000;

/** How the services are, by their own word in the schema `pipeline`, and by the offsets of the broker. */
@Injectable()
export class PipelineState {
  private readonly logger = new Logger('pipeline state');
  private asked?: { at: number; answer: Promise<PipelineAnswer> };
  /** By service: since when messages wait, as far as anybody looked. As of `performance.now()`. */
  private readonly behindSince = new Map<string, number>();
  /** By service: what was read last. While its server is away, this grows old. */
  private readonly known = new Map<string, ServiceRow>();
  /** Dead letters that operators have done with, as they were read last. */
  private done: DoneLetters[] = [];

  constructor(
    private readonly warehouses: StateWarehouses,
    private readonly broker: ConsumerLag,
  ) {}

  read(): Promise<PipelineAnswer> {
    if (!this.asked || performance.now() - this.asked.at > FRESH_MS) {
      const asked = { at: performance.now(), answer: this.ask() };
      asked.answer.catch(() => (this.asked = undefined));
      this.asked = asked;
    }
    return this.asked.answer;
  }

  /** What is known is no longer true: the next question is answered again. */
  forget(): void {
    this.asked = undefined;
  }

  /** The services that have reported their state. */
  async services(): Promise<ServiceRow[]> {
    await this.read();
    return [...this.known.values()];
  }

  private async ask(): Promise<PipelineAnswer> {
    const [now, done] = await Promise.all([this.readRows(), this.readDone()]);
    this.done = done ?? this.done;
    const services = await Promise.all(
      ['stg', 'dds', 'cdm'].map(async (service) => {
        const row = this.known.get(service);
        const figures = await this.brokerFigures(row);
        const behindSeconds = this.secondsBehind(service, figures.lag);
        return serviceAnswer(service, row, { ...figures, behindSeconds }, this.done);
      }),
    );
    return { at: now, services, stale_since: staleSince(services, now) };
  }

  /** @throws where the database of the marts does not answer */
  private async readRows(): Promise<Date> {
    const { own, others } = this.warehouses;
    const [{ now, rows }, ...elsewhere] = await Promise.all([
      own.read(readServices),
      ...Array.from(others, async ([service, warehouse]) => {
        const answer = await this.reported(warehouse.read(readServices));
        return answer?.rows.filter((row) => row.service === service) ?? [];
      }),
    ]);
    for (const row of [...rows.filter(({ service }) => !others.has(service)), ...elsewhere.flat()]) {
      this.known.set(row.service, row);
    }
    return now;
  }

  /** Staging keeps what operators did. */
  private readDone(): Promise<DoneLetters[] | null> {
    const { own, others } = this.warehouses;
    return this.reported((others.get('stg') ?? own).read(countDone));
  }

  private secondsBehind(service: string, lag: number | null): number | undefined {
    if (!lag) {
      this.behindSince.delete(service);
      return undefined;
    }
    const since = this.behindSince.get(service) ?? performance.now();
    this.behindSince.set(service, since);
    return (performance.now() - since) / 1_000;
  }

  private async brokerFigures(row: ServiceRow | undefined): Promise<BrokerFigures> {
    if (!row) {
      return { lag: null, deadLetters: null };
    }
    const [lag, deadLetters] = await Promise.all([
      this.reported(this.broker.lag(row.source_topic, row.consumer_group)),
      this.reported(this.broker.size(row.dead_letter_topic)),
    ]);
    return { lag, deadLetters };
  }

  private async reported<T>(figure: Promise<T>): Promise<T | null> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    });
    try {
      return await Promise.race([figure, silence]);
    } catch (error) {
      this.logger.debug(`a server does not answer: ${reasonOf(error)}`);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Processes that have reported their state lately; where none has, the last one. A row of the future is older than the
 * moment at which the clock of the database was set back.
 */
async function readServices(client: Client): Promise<{ now: Date; rows: ServiceRow[] }> {
  const { rows } = await client.query<ServiceRow & { now: Date }>({
    name: 'read_services',
    text: /* sql */ `
      SELECT now() AS now, service, seen_at, source_topic, consumer_group, dead_letter_topic, parked,
        messages_per_second, last_message_delay,
        newest_object_id, newest_order_version, newest_at, coalesce(dead_letters, '[]') AS dead_letters
      FROM (
        SELECT DISTINCT ON (service) service, seen_at, source_topic, consumer_group, dead_letter_topic, parked
        FROM pipeline.service_states ORDER BY service, seen_at < now() + interval '15 seconds' DESC, seen_at DESC
      ) latest
      JOIN LATERAL (
        SELECT coalesce(sum(messages_per_second), 0)::float8 AS messages_per_second
        FROM pipeline.service_states running
        WHERE running.service = latest.service AND abs(extract(epoch FROM now() - running.seen_at)) < 15
      ) speed ON true
      LEFT JOIN LATERAL (
        SELECT last_message_delay::float8 AS last_message_delay FROM pipeline.service_states reported
        WHERE reported.service = latest.service AND last_message_sent_at IS NOT NULL ORDER BY last_message_sent_at DESC LIMIT 1
      ) message ON true
      LEFT JOIN LATERAL (
        SELECT newest_object_id, newest_order_version, newest_at FROM pipeline.service_states reported
        WHERE reported.service = latest.service AND newest_order_version IS NOT NULL ORDER BY newest_order_version DESC LIMIT 1
      ) version ON true
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('reason', reason, 'messages', messages) ORDER BY reason) AS dead_letters
        FROM pipeline.dead_letters reported WHERE reported.service = latest.service
      ) letters ON true`,
  });
  const now = rows[0]?.now ?? new Date();
  return { now, rows };
}
