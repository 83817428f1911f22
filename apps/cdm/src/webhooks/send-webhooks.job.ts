import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { failpoint } from '@app/failpoints/failpoint';
import { repeat } from '@app/service/repeated.job';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { API_WAREHOUSE } from '../http/api-warehouse';
import {
  dueWebhooks,
  noteDelivered,
  noteFailed,
  release,
  takeMessage,
  type Kind,
  type Taken,
} from './deliveries';
import { messageOf } from './message';
import { post } from './post';
import { signedHeaders } from './sign';
import { webhookEventsTotal } from './webhook-metrics';

/** What was taken longer ago, since the process froze, may be another one's by now. Milliseconds. */
const STALE_MS = 10_000;

/**
 * Posts events to webhooks, those of a user in their order. One process at a time posts to a webhook, by a lease; each
 * webhook has a loop of its own, so that a slow one keeps no other waiting. No transaction is open while a receiver is
 * waited for. After a crash between a post and its note events are posted again.
 */
@Injectable()
export class SendWebhooksJob implements OnModuleDestroy, BeforeApplicationShutdown {
  /** Names this process. */
  private readonly lease = randomUUID();
  /** By webhook, while something is posted to it. */
  private readonly loops = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();
  /** Of a loop, for the job to fail with. */
  private failure?: { error: unknown };

  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly main: Warehouse,
    private readonly environment: CdmEnvironment,
  ) {
    repeat('webhooks', () => this.step());
  }

  onModuleDestroy(): void {
    this.ending.abort();
  }

  /** By now no step begins another loop. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.values());
  }

  /** Begins a loop for each webhook that has something to be posted, and waits for none. */
  private async step(): Promise<boolean> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) {
      throw failure.error;
    }
    for (const id of await this.main.poll((client) => dueWebhooks(client, this.lease))) {
      if (!this.loops.has(id)) {
        const loop = this.postAll(id)
          .catch((error: unknown) => {
            this.failure = { error };
          })
          .finally(() => this.loops.delete(id));
        this.loops.set(id, loop);
      }
    }
    return false;
  }

  /** New events and those that are tried again take turns, until there is nothing of either. */
  private async postAll(id: string): Promise<void> {
    let kinds: [Kind, Kind] = ['fresh', 'retried'];
    let isDone = false;
    while (!isDone && !this.ending.signal.aborted) {
      const taken = (await this.take(id, kinds[0])) ?? (await this.take(id, kinds[1]));
      isDone = taken === undefined;
      if (taken) {
        await this.deliver(taken);
      }
      kinds = [kinds[1], kinds[0]];
    }
    await this.warehouse.transaction((client) => release(client, id, this.lease));
  }

  private async take(id: string, kind: Kind): Promise<(Taken & { at: number }) | undefined> {
    const at = performance.now();
    const taken = await this.warehouse.transaction((client) => takeMessage(client, id, this.lease, kind));
    return taken && { ...taken, at };
  }

  private async deliver(taken: Taken & { at: number }): Promise<void> {
    if (performance.now() - taken.at > STALE_MS) {
      return;
    }
    const events = taken.deliveries.map(({ event }) => event);
    const { id, body } = messageOf(events);
    const headers = signedHeaders(taken.secret, id, new Date(), body);
    const isPrivateAllowed = this.environment.WEBHOOKS_PRIVATE_ADDRESSES === 'allowed';
    const { signal } = this.ending;
    const posted = await post(taken.address, headers, body, { isPrivateAllowed, signal }).catch(
      (error: unknown) => {
        if (!signal.aborted) {
          throw error;
        }
      },
    );
    if (posted) {
      FAILPOINTS && failpoint('webhook_after_post');
      await this.note(taken, posted.problem);
    }
  }

  private async note(taken: Taken, problem: string | null): Promise<void> {
    if (problem === null) {
      await this.warehouse.transaction((client) => noteDelivered(client, taken));
      webhookEventsTotal.inc({ outcome: 'delivered' }, taken.deliveries.length);
    } else {
      const givenUp = await this.warehouse.transaction((client) => noteFailed(client, taken, problem));
      webhookEventsTotal.inc({ outcome: 'not_taken' }, taken.deliveries.length);
      webhookEventsTotal.inc({ outcome: 'given_up' }, givenUp);
    }
  }
}
