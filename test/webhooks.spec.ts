import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dyingAt } from './failpoints/dying-at';
import { eventually } from './harness/eventually';
import { Pipeline } from './harness/pipeline';
import type { ServiceProcess } from './harness/service-process';
import { WebhookReceiver, type PostedEvent } from './harness/webhook-receiver';
import { samplesOf } from './metrics/exposition';

/*
 * Events of tags are posted to real receivers: such that are slow, down, lying or particular about a guest. Events are
 * written here by SQL as cdm writes them; cdm publishes them and hands them over.
 */
const TOKEN = 'the token of this test';
/** Much longer than a replica takes to take over from one that was killed. */
const LONG_MS = 180_000;
const variables = { API_TOKEN: TOKEN, WEBHOOKS_PRIVATE_ADDRESSES: 'allowed' };

interface Webhook {
  id: string;
  address: string;
  secret: string;
  waiting: number;
  failed: number;
  last_problem: string | null;
}

function useCdm(name: string, environment: Record<string, string>) {
  const pipeline = new Pipeline(inject('stack'));
  const world = { pipeline, api: undefined as unknown as ServiceProcess };
  let failed = true;
  beforeAll(async () => {
    await pipeline.prepare();
    world.api = pipeline.replica('cdm', environment);
    await world.api.start();
    failed = false;
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      failed = true;
      console.error(name, pipeline.tails());
    });
  });
  afterAll(() => pipeline.remove({ keepLogs: failed }));
  return world;
}

async function ask(api: ServiceProcess, route: string, body?: object): Promise<Response> {
  const [method, path] = route.split(' ') as [string, string];
  return fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}` },
    body: body && JSON.stringify(body),
  });
}

/** @throws where the answer is a problem */
async function answer<T>(api: ServiceProcess, route: string, body?: object): Promise<T> {
  const response = await ask(api, route, body);
  if (!response.ok) {
    throw new Error(`${route}: ${await response.text()}`);
  }
  return (await response.json()) as T;
}

/** Writes the next events of guests, one each, in one transaction. */
async function happen(pipeline: Pipeline, tag: string, guests: string[]): Promise<void> {
  await pipeline.database.rows(
    /* sql */ `
    WITH guest AS MATERIALIZED (
      SELECT id, dds.hash_key('h_user', id) AS user_id FROM unnest($2::text[]) AS id
    ), known AS (
      INSERT INTO cdm.users (user_id, source_user_id) SELECT user_id, id FROM guest ON CONFLICT DO NOTHING
    ), numbered AS (
      SELECT user_id, id, 1 + coalesce((SELECT max(event_number) FROM cdm.user_tag_events event WHERE event.user_id = guest.user_id), 0) AS n
      FROM guest
    )
    INSERT INTO cdm.user_tag_events (event_id, user_id, event_number, event, source_user_id, tag, order_cnt, at)
    SELECT dds.hash_key('user_tag_events', user_id::text, n::text), user_id, n, CASE n % 2 WHEN 1 THEN 'assigned' ELSE 'revoked' END,
      id, $1, 1, now() FROM numbered`,
    [tag, guests],
  );
}

const guestsOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n}`);

/** Numbers of events by guest, as they came. */
function numbersOf(events: PostedEvent[]): Record<string, number[]> {
  const numbers: Record<string, number[]> = {};
  for (const { source_user_id, event_number } of events) {
    (numbers[source_user_id] ??= []).push(event_number);
  }
  return numbers;
}

/** The same without repeats, as a receiver sees them that drops what it has seen. */
function withoutRepeats(numbers: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(numbers).map(([guest, all]) => [
      guest,
      all.filter((number, place) => all.slice(0, place).every((earlier) => earlier < number)),
    ]),
  );
}

/** All of 1 to `count` for each guest. */
const allOf = (guests: string[], count: number) =>
  Object.fromEntries(guests.map((guest) => [guest, Array.from({ length: count }, (_, place) => place + 1)]));

const isWhole = (receiver: WebhookReceiver, guests: string[], count: number) => () => {
  const numbers = withoutRepeats(numbersOf(receiver.taken));
  return guests.every((guest) => numbers[guest]?.length === count);
};

/** For tests that run side by side. */
const untilWhole = (receiver: WebhookReceiver, guests: string[], count: number) =>
  eventually(
    () => Promise.resolve(isWhole(receiver, guests, count)() ? undefined : 'events are missing'),
    LONG_MS,
  );

describe('a webhook', () => {
  const world = useCdm('a webhook', variables);
  const receivers: WebhookReceiver[] = [];

  afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())));

  /** A receiver with a webhook that posts to it. */
  async function made(tags?: string[]): Promise<{ receiver: WebhookReceiver; webhook: Webhook }> {
    const receiver = await new WebhookReceiver().listen();
    receivers.push(receiver);
    const webhook = await answer<Webhook>(world.api, 'POST /api/webhooks', {
      address: receiver.address,
      ...(tags && { tags }),
    });
    receiver.secret = webhook.secret;
    return { receiver, webhook };
  }

  const read = async (id: string) =>
    (await answer<Webhook[]>(world.api, 'GET /api/webhooks')).find((one) => one.id === id)!;
  const remove = (id: string) => ask(world.api, `DELETE /api/webhooks/${id}`);
  /** Lets nothing wait for its time. */
  const hurry = () =>
    world.pipeline.database.rows(/* sql */ `
      WITH due AS (UPDATE cdm.webhook_deliveries SET next_attempt_at = now() WHERE next_attempt_at > now())
      UPDATE cdm.webhooks SET paused_until = NULL`);

  it('is made, listed, changed and deleted, and shows its secret once', async () => {
    const { receiver, webhook } = await made(['pizza lover']);
    const { id, secret, ...shown } = webhook as Webhook & Record<string, unknown>;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toEqual({
      address: receiver.address,
      tags: ['pizza lover'],
      enabled: true,
      created_by: 'api',
      created_at: expect.any(String) as string,
      waiting: 0,
      failed: 0,
      oldest_waiting_at: null,
      last_delivered_at: null,
      last_problem: null,
    });
    const listed = await (await ask(world.api, 'GET /api/webhooks')).text();
    expect(listed).toContain(id);
    expect(listed).not.toContain(secret);
    const changed = await ask(world.api, `PUT /api/webhooks/${id}`, {
      address: receiver.address,
      enabled: false,
    });
    const text = await changed.text();
    expect(JSON.parse(text)).toEqual({ id, ...shown, tags: null, enabled: false });
    expect(text).not.toContain(secret);

    await happen(world.pipeline, 'pizza lover', ['disabled']);
    await expect
      .poll(
        () => world.pipeline.database.rows('SELECT FROM cdm.user_tag_events WHERE published_at IS NULL'),
        { timeout: LONG_MS },
      )
      .toEqual([]);
    expect(await read(id)).toMatchObject({ waiting: 0 });
    expect((await remove(id)).status).toBe(204);
    expect((await remove(id)).status).toBe(404);
    expect(receiver.connections).toBe(0);
  });

  it('posts the events of its tags, signed, those of a guest in their order', async () => {
    const { receiver, webhook } = await made(['pizza']);
    const { receiver: all, webhook: ofAll } = await made();
    const guests = guestsOf('plain', 120);
    for (let round = 0; round < 4; round += 1) {
      await happen(world.pipeline, 'pizza', guests);
    }
    await happen(world.pipeline, 'soup', ['plain0', 'soup0']);
    await expect.poll(isWhole(receiver, guests, 4), { timeout: LONG_MS }).toBe(true);
    await expect.poll(isWhole(all, ['plain0'], 5), { timeout: LONG_MS }).toBe(true);
    await expect.poll(isWhole(all, ['soup0'], 1), { timeout: LONG_MS }).toBe(true);
    expect(numbersOf(receiver.taken)).toEqual(allOf(guests, 4));
    expect([...receiver.forged, ...all.forged]).toEqual([]);
    expect(new Set(receiver.messages.map(({ id }) => id)).size).toBe(receiver.messages.length);
    expect(Math.max(...receiver.messages.map(({ events }) => events.length))).toBeLessThanOrEqual(50);
    expect(receiver.messages.length).toBeLessThan(60);
    const [event] = receiver.taken;
    const [stored] = await world.pipeline.database.rows<{ event: object }>(
      `SELECT to_jsonb(stored) - 'published_at' - 'at' AS event FROM cdm.user_tag_events stored WHERE event_id = $1`,
      [event!.event_id],
    );
    expect(event).toMatchObject(stored!.event);
    await expect.poll(async () => (await read(webhook.id)).waiting, { timeout: LONG_MS }).toBe(0);
    await Promise.all([remove(webhook.id), remove(ofAll.id)]);
  });

  it('can be tried, and says what became of it', async () => {
    const { receiver, webhook } = await made(['nothing']);
    const test = () =>
      answer<{ delivered: boolean; status: number | null; problem: string | null }>(
        world.api,
        `POST /api/webhooks/${webhook.id}/test`,
      );
    expect(await test()).toEqual({ delivered: true, status: 204, problem: null });
    expect(receiver.messages).toMatchObject([{ type: 'test', events: [] }]);
    receiver.manner = () => 500;
    expect(await test()).toEqual({ delivered: false, status: 500, problem: 'the receiver answered 500' });
    receiver.manner = () => 'redirect';
    expect(await test()).toEqual({ delivered: false, status: 307, problem: 'the receiver answered 307' });
    receiver.manner = () => 'lie';
    expect(await test()).toMatchObject({
      delivered: false,
      status: 200,
      problem: expect.any(String) as string,
    });
    receiver.manner = () => 'reset';
    expect(await test()).toMatchObject({ delivered: false, status: null });
    receiver.manner = () => 'endless';
    expect(await test()).toEqual({ delivered: true, status: 200, problem: null });
    receiver.manner = () => 'hang';
    expect(await test()).toEqual({ delivered: false, status: null, problem: 'no answer within 10 s' });
    expect(receiver.messages).toHaveLength(7);
    expect(receiver.forged).toEqual([]);
    await remove(webhook.id);
  });

  it('that is slow delays no other', async () => {
    const { receiver: slow, webhook: ofSlow } = await made(['slow or not']);
    const { receiver: quick, webhook: ofQuick } = await made(['slow or not']);
    slow.manner = () => 'hang';
    const guests = guestsOf('slow', 60);
    await happen(world.pipeline, 'slow or not', guests);
    await expect.poll(() => slow.messages.length, { timeout: LONG_MS }).toBeGreaterThan(0);
    let roundsMeanwhile = 0;
    for (let round = 2; round <= 4; round += 1) {
      const before = slow.messages.length;
      await happen(world.pipeline, 'slow or not', guests);
      await expect.poll(isWhole(quick, guests, round), { timeout: LONG_MS }).toBe(true);
      roundsMeanwhile += slow.held > 0 && slow.messages.length === before ? 1 : 0;
    }
    // A whole round came while one message to the other had no answer, which is waited for 10 seconds.
    expect(roundsMeanwhile).toBeGreaterThan(0);
    expect(slow.taken).toEqual([]);
    slow.manner = () => 204;
    await expect
      .poll(
        async () => {
          await hurry();
          return isWhole(slow, guests, 4)();
        },
        { timeout: LONG_MS },
      )
      .toBe(true);
    expect(withoutRepeats(numbersOf(slow.taken))).toEqual(allOf(guests, 4));
    await Promise.all([remove(ofSlow.id), remove(ofQuick.id)]);
  });

  it('that cannot take the events of one guest gets those of the others', async () => {
    const { receiver, webhook } = await made(['particular']);
    const guests = guestsOf('good', 70);
    receiver.manner = (events) => (events.some(({ source_user_id }) => source_user_id === 'bad') ? 500 : 200);
    await happen(world.pipeline, 'particular', [...guests, 'bad']);
    await happen(world.pipeline, 'particular', [...guests, 'bad']);
    await expect.poll(isWhole(receiver, guests, 2), { timeout: LONG_MS }).toBe(true);
    await happen(world.pipeline, 'particular', [...guests, 'bad']);
    await expect.poll(isWhole(receiver, guests, 3), { timeout: LONG_MS }).toBe(true);
    expect(numbersOf(receiver.taken)).toEqual(allOf(guests, 3));
    // The first of the guest is tried by itself, and the later ones wait for it.
    const alone = receiver.messages.filter(
      ({ events: [event, ...more] }) => event!.source_user_id === 'bad' && more.length === 0,
    );
    expect(new Set(alone.map(({ events }) => events[0]!.event_number))).toEqual(new Set([1]));
    expect(new Set(alone.map(({ id }) => id)).size).toBe(1);
    await expect.poll(() => read(webhook.id), { timeout: LONG_MS }).toMatchObject({ waiting: 3, failed: 0 });

    receiver.manner = () => 200;
    await hurry();
    await expect.poll(isWhole(receiver, ['bad'], 3), { timeout: LONG_MS }).toBe(true);
    expect(numbersOf(receiver.taken)['bad']).toEqual([1, 2, 3]);
    await remove(webhook.id);
  });

  it('that is down, then lies and resets gets everything in the end', async () => {
    const { receiver, webhook } = await made(['down']);
    const { port } = receiver;
    await receiver.close();
    const guests = guestsOf('down', 80);
    await happen(world.pipeline, 'down', guests);
    await happen(world.pipeline, 'down', guests);
    await expect
      .poll(async () => (await read(webhook.id)).last_problem, { timeout: LONG_MS })
      .toContain('ECONNREFUSED');
    const again = await new WebhookReceiver().listen(port);
    receivers.splice(receivers.indexOf(receiver), 1, again);
    again.secret = webhook.secret;
    let posted = 0;
    again.manner = () => {
      posted += 1;
      return posted % 3 === 0 ? 204 : posted % 3 === 1 ? 'lie' : 'reset';
    };
    await expect
      .poll(
        async () => {
          await hurry();
          return posted > 6;
        },
        { timeout: LONG_MS },
      )
      .toBe(true);
    again.manner = () => 204;
    await expect
      .poll(
        async () => {
          await hurry();
          return isWhole(again, guests, 2)();
        },
        { timeout: LONG_MS },
      )
      .toBe(true);
    expect(withoutRepeats(numbersOf(again.taken))).toEqual(allOf(guests, 2));
    expect(again.forged).toEqual([]);
    await remove(webhook.id);
  });

  it('gives up after a day, shows what, and posts it again when it is asked to', async () => {
    const { receiver, webhook } = await made(['late']);
    receiver.manner = () => 503;
    await happen(world.pipeline, 'late', ['late0', 'late1']);
    await happen(world.pipeline, 'late', ['late0', 'late1']);
    await expect
      .poll(async () => (await read(webhook.id)).last_problem, { timeout: LONG_MS })
      .toBe('the receiver answered 503');
    await world.pipeline.database.rows(
      `UPDATE cdm.webhook_deliveries SET handed_at = handed_at - interval '25 hours' WHERE webhook_id = $1`,
      [webhook.id],
    );
    await world.pipeline.database.rows(
      `UPDATE cdm.webhooks SET failing_since = failing_since - interval '25 hours' WHERE id = $1`,
      [webhook.id],
    );
    await expect
      .poll(
        async () => {
          await hurry();
          return read(webhook.id);
        },
        { timeout: LONG_MS },
      )
      .toMatchObject({ waiting: 0, failed: 4 });
    const { failures, next } = await answer<{
      failures: { event: PostedEvent; problem: string }[];
      next: null;
    }>(world.api, `GET /api/webhooks/${webhook.id}/failures`);
    expect(next).toBeNull();
    expect(failures.map(({ problem }) => problem)).toEqual(Array(4).fill('the receiver answered 503'));
    expect(numbersOf(failures.map(({ event }) => event))).toEqual(allOf(['late0', 'late1'], 2));
    const metric = async (name: string) =>
      samplesOf(await (await fetch(`${world.api.url}/metrics`)).text()).find(
        (sample) => sample.name === name,
      )!.value;
    await expect.poll(() => metric('order_vault_webhook_failed_events'), { timeout: LONG_MS }).toBe(4);

    receiver.manner = () => 200;
    expect(await answer(world.api, `POST /api/webhooks/${webhook.id}/retry`)).toEqual({ repeated: 4 });
    await expect.poll(isWhole(receiver, ['late0', 'late1'], 2), { timeout: LONG_MS }).toBe(true);
    expect(numbersOf(receiver.taken)).toEqual(allOf(['late0', 'late1'], 2));
    await expect.poll(() => metric('order_vault_webhook_failed_events'), { timeout: LONG_MS }).toBe(0);
    await remove(webhook.id);
  });

  it('is posted the same once more after a process that died when it had posted', async () => {
    const { receiver, webhook } = await made(['dies']);
    const { pipeline } = world;
    await world.api.stop();
    const victim = pipeline.replica(
      'cdm',
      { ...variables, ...dyingAt('webhook_after_post') },
      'dist-failpoints',
    );
    await victim.start();
    await happen(pipeline, 'dies', guestsOf('dies', 20));
    expect(await victim.ended(LONG_MS)).toMatchObject({ signal: 'SIGKILL' });
    expect(receiver.messages).toHaveLength(1);
    // It ends by itself in less than a minute, which the replicas below wait for.
    const ended = await pipeline.database.rows(
      'UPDATE cdm.webhooks SET leased_until = now() WHERE leased_until > now() RETURNING id',
    );
    expect(ended).toEqual([{ id: webhook.id }]);
    await world.api.start();
    await expect.poll(() => receiver.messages.length, { timeout: LONG_MS }).toBe(2);
    expect(receiver.messages[1]).toEqual(receiver.messages[0]);
    await expect
      .poll(() => pipeline.database.rows('SELECT FROM cdm.webhook_deliveries'), { timeout: LONG_MS })
      .toEqual([]);
    await remove(webhook.id);
  });

  it('is refused with a field that is wrong', async () => {
    for (const [body, field] of [
      [{}, 'address is missing'],
      [{ address: 'ftp://example.com/' }, 'address must be an address https://host/path'],
      [{ address: 'https://user:secret@example.com/' }, 'without user, password and fragment'],
      [{ address: 'https://example.com/', tags: [] }, 'tags must be 1 to 100 different texts'],
      [{ address: 'https://example.com/', secret: 'mine' }, 'secret is not a known field'],
    ] as [object, string][]) {
      const response = await ask(world.api, 'POST /api/webhooks', body);
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(field)]);
    }
  });
});

describe('an address of our own network', () => {
  const world = useCdm('private', { API_TOKEN: TOKEN });

  it.each([
    ['http://example.com/', 'plain http is not allowed'],
    ['https://localhost/', 'localhost is not a public address'],
    ['https://127.0.0.1:8443/', '127.0.0.1 is not a public address'],
    ['https://2130706433/', '127.0.0.1 is not a public address'],
    ['https://[::ffff:169.254.169.254]/', '::ffff:a9fe:a9fe is not a public address'],
    ['https://10.1.2.3/', '10.1.2.3 is not a public address'],
  ])('is refused when a webhook is made: %s', async (address, problem) => {
    const response = await ask(world.api, 'POST /api/webhooks', { address });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining(`address cannot be used: ${problem}`),
    ]);
  });

  it('is not connected to when events are posted, whatever was kept before', async () => {
    const receiver = await new WebhookReceiver().listen();
    try {
      for (const address of [
        receiver.address,
        `https://localhost:${receiver.port}/`,
        `https://127.0.0.1:${receiver.port}/`,
        `https://[::ffff:127.0.0.1]:${receiver.port}/`,
      ]) {
        await world.pipeline.database.rows(
          `INSERT INTO cdm.webhooks (address, secret, created_by) VALUES ($1, 'whsec_c2VjcmV0', 'test')`,
          [address],
        );
      }
      await happen(world.pipeline, 'pizza', ['private0']);
      await expect
        .poll(
          async () =>
            (await answer<Webhook[]>(world.api, 'GET /api/webhooks')).map(
              ({ last_problem }) =>
                /is not a public address|plain http is not allowed/.exec(last_problem ?? '')?.[0],
            ),
          { timeout: LONG_MS },
        )
        .toEqual(['plain http is not allowed', ...Array<string>(3).fill('is not a public address')]);
      expect(receiver.connections).toBe(0);
    } finally {
      await receiver.close();
    }
  });
});

// These two wait for the lease of a replica to end, and do so side by side: `expect.poll` knows one test at a time.
describe.concurrent('of three replicas', () => {
  const world = useCdm('replicas', variables);

  it(
    'one at a time posts to a webhook, and kills and failures lose nothing and change no order',
    { timeout: 600_000 },
    async () => {
      const { pipeline } = world;
      const receiver = await new WebhookReceiver().listen();
      const { secret } = await answer<Webhook>(world.api, 'POST /api/webhooks', {
        address: receiver.address,
      });
      receiver.secret = secret;
      receiver.delay = 20;
      let random = 7;
      const chance = () => (random = (random * 16_807) % 2_147_483_647) / 2_147_483_647;
      receiver.manner = () => (chance() < 0.8 ? 204 : chance() < 0.5 ? 'lie' : 503);
      const others = [
        pipeline.replica('cdm', { ...variables, ...dyingAt('webhook_after_post', 3) }, 'dist-failpoints'),
        pipeline.replica('cdm', variables),
      ];
      await Promise.all(others.map((replica) => replica.start()));

      const guests = guestsOf('three', 150);
      const ROUNDS = 8;
      for (let round = 1; round <= ROUNDS; round += 1) {
        await happen(pipeline, 'pizza', guests);
        await sleep(1_500);
        if (round === 3) {
          await world.api.kill();
        }
        if (round === 5) {
          await world.api.start();
          await others[1]!.kill();
        }
      }
      // Those that are left take over when the lease of the dead has ended.
      await eventually(async () => {
        await pipeline.database.rows(
          'UPDATE cdm.webhook_deliveries SET next_attempt_at = now() WHERE next_attempt_at > now()',
        );
        return isWhole(receiver, guests, ROUNDS)() ? undefined : 'events are missing';
      }, LONG_MS * 2);
      expect(withoutRepeats(numbersOf(receiver.taken))).toEqual(allOf(guests, ROUNDS));
      expect(receiver.most).toBe(1);
      expect(receiver.forged).toEqual([]);
      expect(receiver.messages.filter(({ isTaken }) => !isTaken).length).toBeGreaterThan(3);
      await receiver.close();
    },
  );
});

describe.concurrent('a replica that freezes while it posts', () => {
  const world = useCdm('a replica that freezes', variables);

  it('is followed by another, and changes no order when it wakes up', { timeout: 600_000 }, async () => {
    const { pipeline } = world;
    const receiver = await new WebhookReceiver().listen();
    const { secret } = await answer<Webhook>(world.api, 'POST /api/webhooks', {
      address: receiver.address,
      tags: ['freezes'],
    });
    receiver.secret = secret;
    receiver.delay = 1_000;
    const guests = guestsOf('freezes', 70);
    await happen(pipeline, 'freezes', guests);
    await happen(pipeline, 'freezes', guests);
    while (receiver.messages.length === 0) {
      await sleep(20);
    }
    world.api.freeze();
    receiver.delay = 0;
    const other = pipeline.replica('cdm', variables);
    await other.start();
    await untilWhole(receiver, guests, 2);
    world.api.thaw();
    await happen(pipeline, 'freezes', guests);
    await untilWhole(receiver, guests, 3);
    expect(withoutRepeats(numbersOf(receiver.taken))).toEqual(allOf(guests, 3));
    await receiver.close();
  });
});
