import { isDeepStrictEqual } from 'node:util';
import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { SOURCE_ORDERS } from '@app/contracts/topics';
import { MessagePublisher } from '@app/kafka/message.publisher';
import type { KafkaRecord, OutgoingMessage, Outcome } from '@app/kafka/outcome';
import { RawErrors } from '@app/kafka/raw-errors.filter';
import { NewestVersion } from '@app/service/newest-version';
import { Positions } from '@app/warehouse/positions';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { Dictionary, type PresentEntry } from './dictionary';
import { encodeOutput } from './encode-output';
import { enrichedVersions } from './enriched-versions';
import { enrichOrder, entryPksOf, type Enrichment } from './enrich-order';
import { readOrder, type Received, type ReceivedOrder } from './read-order';
import { recordSkipped } from './record-skipped';
import { stageOrders, versionKey, type Candidate, type StagedVersion } from './stage-orders';
import { StgEnvironment } from './stg.environment';
import { storeEntries } from './store-entries';
import { tooLargeFor } from './too-large';

/** `order-service_orders` → `stg.order_events` → `stg-service-orders`. */
@Controller()
@UseFilters(RawErrors)
export class SourceOrdersHandler {
  constructor(
    private readonly dictionary: Dictionary,
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: StgEnvironment,
    private readonly newest: NewestVersion,
    private readonly positions: Positions,
  ) {}

  @EventPattern(SOURCE_ORDERS)
  async handle(@Payload() records: KafkaRecord[]): Promise<Outcome[]> {
    try {
      return await this.stage(records, records.map(readOrder));
    } catch (error) {
      this.dictionary.forget();
      throw error;
    }
  }

  private async stage(records: KafkaRecord[], received: Received[]): Promise<Outcome[]> {
    const orders = eachVersionOnce(received);
    const answers = await this.dictionary.lookUp(orders.map(({ order }) => order));
    const candidates = orders.map((order) => ({
      received: order,
      enrichment: enrichOrder(order.order, order.version, answers),
    }));
    const outputs = encodeOutputs(candidates);
    const tooLarge = await this.tooLarge(candidates, outputs);
    const accepted = candidates.filter((candidate) => !tooLarge.has(versionKey(candidate.received)));
    const { staged, newlyUsed } = await this.positions.transaction(records, (client) =>
      store(client, received, accepted, answers.unstored),
    );
    this.dictionary.areStored(newlyUsed);
    this.newest.see(orders.filter((order) => staged.get(versionKey(order))?.kind === 'stored'));
    await this.recallOutputs(candidates, staged, outputs, newlyUsed);
    return Promise.all(
      outcomesOf(received, candidates, staged, outputs).map((outcome) => this.ofAcceptedSize(outcome)),
    );
  }

  /** Versions that the next topic would not take, and that were never sent on before: they are not staged. */
  private async tooLarge(
    candidates: Candidate[],
    outputs: Map<string, OutgoingMessage>,
  ): Promise<Set<string>> {
    const large: ReceivedOrder[] = [];
    for (const { received } of candidates) {
      const output = outputs.get(versionKey(received));
      if (output && !(await this.publisher.accepts(this.environment.OUTPUT_TOPIC, output))) {
        large.push(received);
      }
    }
    const before =
      large.length > 0
        ? await this.warehouse.read((client) => enrichedVersions(client, large))
        : new Set<string>();
    return new Set(large.map(versionKey).filter((key) => !before.has(key)));
  }

  private async ofAcceptedSize(outcome: Outcome): Promise<Outcome> {
    const topic = this.environment.OUTPUT_TOPIC;
    return outcome.kind !== 'processed' ||
      !outcome.output ||
      (await this.publisher.accepts(topic, outcome.output))
      ? outcome
      : tooLargeFor(topic);
  }

  /**
   * A version is enriched once: one that was stored before is sent on with the entries of that time. An entry that tells no time has
   * one only since it was stored.
   */
  private async recallOutputs(
    candidates: Candidate[],
    staged: Map<string, StagedVersion>,
    outputs: Map<string, OutgoingMessage>,
    newlyUsed: PresentEntry[],
  ): Promise<void> {
    const undated = new Set(
      newlyUsed.filter(({ entry }) => entry.time === null).map(({ entryPk }) => entryPk),
    );
    const others = candidates.flatMap(({ received, enrichment }) => {
      const version = staged.get(versionKey(received));
      const used = version?.kind === 'stored' ? version.used : null;
      const isAsEncoded =
        enrichment.kind === 'enriched' &&
        isDeepStrictEqual(used, enrichment.used) &&
        !entryPksOf(enrichment.used).some((entryPk) => undated.has(entryPk));
      return used && !isAsEncoded ? [{ received, used }] : [];
    });
    if (others.length === 0) {
      return;
    }
    const answers = await this.dictionary.recall(others.map(({ used }) => used));
    others.forEach(({ received }, place) => {
      const enrichment = enrichOrder(received.order, received.version, answers[place]!);
      if (enrichment.kind === 'incomplete') {
        throw new Error(
          `the dictionary entries of order ${received.objectId} are gone from stg.dictionary_entries`,
        );
      }
      outputs.set(versionKey(received), encodeOutput(enrichment.staged));
    });
  }
}

/** Repeats inside the batch are folded into the first. */
function eachVersionOnce(received: Received[]): ReceivedOrder[] {
  const versions = new Map<string, ReceivedOrder>();
  for (const one of received) {
    if (one.kind === 'order' && !versions.has(versionKey(one))) {
      versions.set(versionKey(one), one);
    }
  }
  return [...versions.values()];
}

/** Everything that a batch stores; the entries last, since other replicas may wait for the same ones. */
async function store(
  client: Client,
  received: Received[],
  candidates: Candidate[],
  entries: PresentEntry[],
): Promise<{ staged: Map<string, StagedVersion>; newlyUsed: PresentEntry[] }> {
  await recordSkipped(client, received);
  const staged = await stageOrders(client, candidates);
  const used = [...staged.values()].flatMap((version) =>
    version.kind === 'stored' ? (version.used ?? []) : [],
  );
  return { staged, newlyUsed: await storeEntries(client, entries, used) };
}

function encodeOutputs(candidates: Candidate[]): Map<string, OutgoingMessage> {
  return new Map(
    candidates.flatMap(({ received, enrichment }) =>
      enrichment.kind === 'enriched' ? [[versionKey(received), encodeOutput(enrichment.staged)]] : [],
    ),
  );
}

function outcomesOf(
  received: Received[],
  candidates: Candidate[],
  staged: Map<string, StagedVersion>,
  outputs: Map<string, OutgoingMessage>,
): Outcome[] {
  const enrichments = new Map(
    candidates.map((candidate) => [versionKey(candidate.received), candidate.enrichment]),
  );
  const sent = new Set<string>();
  return received.map((one): Outcome => {
    if (one.kind === 'refused') {
      return one;
    }
    if (one.kind === 'skipped') {
      return { kind: 'skipped' };
    }
    const key = versionKey(one);
    const version = staged.get(key);
    if (version?.kind === 'owner_changed') {
      return { kind: 'refused', reason: 'order_owner_changed', message: version.message };
    }
    if (version?.used === null) {
      return { kind: 'parked', missing: missingKinds(enrichments.get(key)) };
    }
    // Of repeats in a batch the first is sent on; but each that is too large becomes a dead letter of its own.
    const output = version && sent.has(key) ? undefined : outputs.get(key);
    sent.add(key);
    return { kind: 'processed', output };
  });
}

/** None where the version was parked before, and nothing is missing any more: the job is about to release it. */
function missingKinds(enrichment: Enrichment | undefined): string[] {
  const missing = enrichment?.kind === 'incomplete' ? enrichment.missing : [];
  return [...new Set(missing.map(({ kind }) => kind))];
}
