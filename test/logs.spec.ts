import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { runToEnd } from '../dev/stack/run-to-end';
import { inPipeline } from './guarantees/crash/in-pipeline';
import { liveness } from './guarantees/crash/service-health';
import { useOwnStack } from './harness/use-own-stack';
import { withFault } from './guarantees/crash/with-fault';
import { badMessages } from './guarantees/orders/bad-messages';
import { dictionary, restaurantEntry } from './guarantees/orders/small-town';
import { line, sourceText, type OrderChanges } from './guarantees/orders/source-text';
import { sources, Pipeline } from './harness/pipeline';
import type { ServiceName, ServiceProcess } from './harness/service-process';

/*
 * What the services write into their logs: what is wrong, once, with its place; never whom it concerns, nor a secret.
 * Normal work is quiet.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const ENDED_MS = 60_000;

interface LogLine {
  level: string;
  msg?: string;
  [field: string]: unknown;
}

/** @throws when a line is no JSON object */
function linesOf(service: ServiceProcess): LogLine[] {
  const text = readFileSync(service.log, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').map((one) => JSON.parse(one) as LogLine);
}

const tools = ['migrate', 'topics'];
/** What they print where they cannot do their work. It takes `migrate` a minute to say so, hence they begin first. */
const outputs = new Map<string, Promise<string>>();
beforeAll(() => tools.forEach((tool) => outputs.set(tool, outputOf(tool))));

function outputOf(tool: string): Promise<string> {
  const entry = fileURLToPath(new URL('../dist/ops/order-vault.js', import.meta.url));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: 'postgres://canary:kanareika@127.0.0.1:1/canary',
    KAFKA_BROKERS: inject('stack').KAFKA_BROKERS,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'canary',
    KAFKA_SASL_PASSWORD: 'kanareika',
  };
  return runToEnd(process.execPath, [entry, tool], { env }).catch((error: Error) => error.message);
}

describe('a service at work', () => {
  const quietly = { LOG_LEVEL: 'info' };

  it('writes nothing over a thousand good orders: a line when it starts and one when it stops', async () => {
    const pipeline = await inPipeline(inject('stack'));
    await pipeline.dictionary.put(dictionary);
    const replicas = services.map((name) => pipeline.replica(name, quietly));
    await Promise.all(replicas.map((replica) => replica.start()));
    await pipeline.sendOrders(
      Array.from({ length: 1_000 }, (_, place) => ({
        value: sourceText({ id: place + 1, user: `u${1 + (place % 12)}` }),
        partition: place % 6,
      })),
    );
    await pipeline.settled();
    await Promise.all(replicas.map((replica) => replica.stop()));
    for (const replica of replicas) {
      const [first, ...others] = linesOf(replica).map(({ msg }) => msg);
      expect(first).toMatch(/^reads .*, listens on port \d+$/);
      expect(others).toEqual(['stops: SIGTERM']);
    }
  });

  it('writes what Node warns of as a line as well', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const warnWhenAsked = `process.on('SIGUSR2', () => process.emitWarning('odd'))`;
    const stg = pipeline.replica('stg', {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(warnWhenAsked)}`,
    });
    await stg.start();
    process.kill(stg.pid, 'SIGUSR2');
    await vi.waitFor(() => expect(linesOf(stg).map(({ msg }) => msg)).toContain('Warning: odd'), {
      timeout: ENDED_MS,
    });
  });

  it('writes one line for each parked order, and none when it tries them again', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const { u2: _, ...known } = dictionary;
    await pipeline.dictionary.put(known);
    const replicas = services.map((name) => pipeline.replica(name, quietly));
    await Promise.all(replicas.map((replica) => replica.start()));
    const stored = await pipeline.sendOrders(
      Array.from({ length: 300 }, (_one, place) => ({ value: sourceText({ id: place + 1, user: 'u2' }) })),
    );
    // Every order is tried again at least twice.
    await pipeline.settled();
    const [stg] = replicas as [ServiceProcess];
    expect(linesOf(stg).slice(1)).toEqual(
      stored.map(({ topic, partition, offset }, place) =>
        expect.objectContaining({
          level: 'info',
          msg: 'parked',
          reason: 'no_dictionary',
          missing: ['user'],
          topic,
          partition,
          offset,
          object_id: String(place + 1),
        }),
      ),
    );
  });
});

describe('names, logins, payloads and secrets', () => {
  const stack = useOwnStack();
  const name = 'Канарейкина Kanareika';
  /** All that must be found nowhere has this in it. */
  const canary = /kanareik|канарейк/i;
  /** What the services said, by where. */
  const said = new Map<string, string>();
  let pipeline: Pipeline;
  let replicas: ServiceProcess[];
  const letters = new Map<ServiceName, number>();
  const sounds: string[] = [];

  const order = (id: number, changes: OrderChanges = {}) =>
    sourceText({ id, items: [{ ...line('d1'), name: `${name} as ordered` }], ...changes });

  async function listen(when: string): Promise<void> {
    for (const replica of replicas) {
      for (const route of ['metrics', 'health/live', 'health/ready']) {
        const answer = await fetch(`${replica.url}/${route}`);
        said.set(`${replica.name} ${route} ${when}`, await answer.text());
      }
    }
  }

  function secretly(url: string, user: string): string {
    return Object.assign(new URL(url), { username: user, password: `kanareika-of-${user}` }).href;
  }

  /** Redis forgets its accounts when it ends. */
  async function allowCanary(): Promise<void> {
    const redis = new Redis(stack.environment.REDIS_URL);
    await redis.call('ACL', 'SETUSER', 'canary', 'on', '>kanareika-of-canary', '~*', '+@all');
    redis.disconnect();
  }

  async function untilNotReady(): Promise<void> {
    const isNotReady = async () => (await fetch(`${replicas[0]!.url}/health/ready`)).status === 503;
    await vi.waitUntil(isNotReady, { timeout: 60_000, interval: 100 });
  }

  /** PostgreSQL refuses rows, and quotes their contents. */
  async function refuseRows(isRefusing: boolean): Promise<void> {
    for (const [table, column, value] of [
      ['stg.order_events', 'object_id', '8001'],
      ['dds.h_order', 'order_id', '8002'],
      ['cdm.order_versions', 'object_id', '8003'],
    ]) {
      const change = isRefusing ? `ADD CONSTRAINT odd CHECK (${column} <> ${value})` : 'DROP CONSTRAINT odd';
      await pipeline.database.rows(`ALTER TABLE ${table} ${change}`);
    }
  }

  beforeAll(async () => {
    const { environment } = stack;
    pipeline = new Pipeline(environment);
    await pipeline.prepare();
    await pipeline.database.rows(`CREATE ROLE canary SUPERUSER LOGIN PASSWORD 'kanareika-of-canary'`);
    await allowCanary();
    const secrets = {
      DATABASE_URL: secretly(pipeline.database.url, 'canary'),
      REDIS_URL: secretly(pipeline.dictionary.url, 'canary'),
      API_TOKEN: 'kanareika-token',
    };
    replicas = services.map((service) => pipeline.replica(service, secrets));
    await Promise.all(replicas.map((replica) => replica.start()));

    await pipeline.dictionary.put({
      ...dictionary,
      u1: JSON.stringify({ _id: 'u1', name, login: 'kanareika_77', update_ts_utc: '2024-01-01 00:00:00' }),
      u2: `{"_id":"u2","name":"${name}`,
      r1: restaurantEntry('r1', name, { d1: [name, `${name} category`] }),
    });
    await pipeline.sendOrders([{ value: order(1) }, { value: order(2) }, { value: '{"name":"Kanareika"}' }]);
    await pipeline.settled();
    await listen('after good orders');

    for (const service of services) {
      const sound = String((await pipeline.topics.read(sources[service]))[0]!.value);
      sounds.push(sound);
      const bad = badMessages(service, sound);
      letters.set(service, bad.length);
      await pipeline.topics.send(
        sources[service],
        bad.map(({ value }) => ({ value, key: name, headers: { name } })),
      );
    }
    // Parked: no user, an entry that cannot be used, no dish.
    await pipeline.sendOrders([
      { value: order(3, { user: 'u404' }) },
      { value: order(4, { user: 'u2' }) },
      { value: order(5, { items: [{ ...line('d9'), name }] }) },
    ]);
    await pipeline.settled();
    await listen('after bad messages');

    await refuseRows(true);
    await pipeline.sendOrders([{ value: order(8001) }, { value: order(8002) }, { value: order(8003) }]);
    await pipeline.settled();
    await refuseRows(false);
    // A function of the database may say what it likes, in a class that condemns nothing: the batch waits.
    await pipeline.database.rows(`
      CREATE FUNCTION quote_payload() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', NEW.payload; END $$;
      CREATE TRIGGER quote_payload BEFORE INSERT ON stg.order_events FOR EACH ROW EXECUTE FUNCTION quote_payload()`);
    await pipeline.sendOrders([{ value: order(9) }]);
    await untilNotReady();
    await listen('while a function refuses');
    await pipeline.database.rows('DROP TRIGGER quote_payload ON stg.order_events');
    await pipeline.settled();

    const cdm = replicas[2]!;
    for (const token of ['kanareika-token', 'kanareika-wrong']) {
      const headers = { authorization: `Bearer ${token}` };
      await fetch(`${cdm.url}/api/users/u1/tags?limit=${name}`, { headers });
    }

    for (const server of ['postgres', 'redis'] as const) {
      await stack.stop(server);
      await pipeline.sendOrders([{ value: order(10) }]);
      await untilNotReady();
      await listen(`while ${server} is down`);
      await stack.start(server);
      await allowCanary();
      await Promise.all(replicas.map((replica) => replica.untilReady()));
    }
    await pipeline.settled();
    await Promise.all(replicas.map((replica) => replica.stop()));
    replicas.forEach((replica) => said.set(`log of ${replica.name}`, readFileSync(replica.log, 'utf8')));
  }, 300_000);
  afterAll(() => pipeline.remove());

  it('are in no line of a log, no metric and no answer about health', () => {
    // They were in the messages of all three.
    expect(sounds).toEqual(sounds.map(() => expect.stringMatching(canary)));
    expect(said.size).toBe(3 + 5 * 9);
    const found = Array.from(said, ([where, text]) => [
      where,
      text.split('\n').find((one) => canary.test(one)),
    ]);
    expect(found.filter(([, one]) => one !== undefined)).toEqual([]);
  });

  it('while each dead letter has a line with its reason, its place and, where it has one, its order', () => {
    for (const replica of replicas) {
      const lines = linesOf(replica).filter(({ msg }) => msg === 'dead letter');
      // Beside the bad messages the one that PostgreSQL refused.
      expect([replica.name, lines.length]).toEqual([replica.name, letters.get(replica.name)! + 1]);
      for (const one of lines) {
        expect(one).toMatchObject({
          level: 'warn',
          reason: expect.stringMatching(/^[a-z0-9_]+$/),
          topic: pipeline.topics.name(sources[replica.name]),
          partition: expect.any(Number),
          offset: expect.stringMatching(/^\d+$/),
        });
      }
      expect(lines).toContainEqual(
        expect.objectContaining({
          reason: 'database_refused',
          object_id: { stg: '8001', dds: '8002', cdm: '8003' }[replica.name],
        }),
      );
      expect(linesOf(replica)).toContainEqual(
        expect.objectContaining({
          msg: 'batch repeated',
          reason: expect.stringMatching(/^SQLSTATE 23514 \w+ odd$/),
          topic: expect.any(String),
          partition: expect.any(Number),
          offset: expect.any(String),
        }),
      );
    }
  });

  it('while a batch that waits says why, and where it stands', () => {
    expect(linesOf(replicas[0]!)).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'waiting: PostgreSQL cannot be used, see DATABASE_URL: SQLSTATE P0001',
        topic: pipeline.topics.name(sources.stg),
        partition: 0,
        offset: expect.any(String),
      }),
    );
  });

  it.each([
    ['servers that are not there', { KAFKA_BROKERS: '127.0.0.1:1' }],
    ['a broker that knows no SASL', {}],
  ])('are in no line about %s', async (_, changes) => {
    const secrets = {
      DATABASE_URL: 'postgres://canary:kanareika@127.0.0.1:1/canary',
      REDIS_URL: 'redis://canary:kanareika@127.0.0.1:1',
      API_TOKEN: 'kanareika',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'canary',
      KAFKA_SASL_PASSWORD: 'kanareika',
      ...changes,
    };
    const expectNone = async (service: ServiceName) => {
      const replica = pipeline.replica(service, secrets);
      await replica.launch();
      await expect.poll(() => readFileSync(replica.log, 'utf8')).toMatch(/"level":"warn".*"waiting: /);
      // The first lines may come before the port is open.
      await expect.poll(async () => (await liveness(replica)).status).toBe(200);
      const ready = await fetch(`${replica.url}/health/ready`);
      expect([ready.status, await ready.text()]).toEqual([503, expect.not.stringMatching(canary)]);
      await replica.kill();
      expect(readFileSync(replica.log, 'utf8')).not.toMatch(canary);
    };
    await Promise.all(services.map(expectNone));
  });

  it('are in no message about a malformed variable, nor about a start that fails', async () => {
    const malformed = pipeline.replica('stg', { DATABASE_URL: 'kanareika', REDIS_URL: 'kanareika' });
    await malformed.launch();
    expect(await malformed.ended(ENDED_MS)).toMatchObject({ code: 1 });
    expect(malformed.tail()).toContain('DATABASE_URL must be');
    expect(malformed.tail()).not.toMatch(canary);

    const first = pipeline.replica('dds');
    await first.start();
    const { port } = new URL(first.url);
    const second = pipeline.replica('dds', { PORT: port });
    await second.launch();
    expect(await second.ended(ENDED_MS)).toMatchObject({ code: 1 });
    expect(linesOf(second).at(-1)).toMatchObject({
      level: 'fatal',
      err: { message: expect.stringContaining('EADDRINUSE') },
    });
  });

  it('are in no line about an error that ends the process', async () => {
    const replica = pipeline.replica('dds', withFault('uncaught_error'), 'dist-failpoints');
    await replica.launch();
    expect(await replica.ended(ENDED_MS)).toMatchObject({ code: 1 });
    const last = linesOf(replica).at(-1);
    expect(last).toMatchObject({ level: 'fatal', msg: 'SQLSTATE 23514 users', err: { type: 'error' } });
    expect(JSON.stringify(last)).not.toMatch(canary);
  });

  it.each(tools)('are in no output of %s', async (tool) => {
    const output = await outputs.get(tool)!;
    expect(output).toMatch(/ended with 1:\n\S/);
    expect(output).not.toMatch(canary);
  });
});
