import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import type { Failpoint } from '@app/failpoints/failpoint';
import { Random } from '../../dev/orders/random';
import type { ServerName } from '../../dev/stack/stack-state';
import { dyingAt } from '../failpoints/dying-at';
import type { Pipeline } from '../harness/pipeline';
import type { ServiceName } from '../harness/service-process';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed, isLong } from '../history/seed';
import { liveness, logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';
import { useOwnStack } from '../harness/use-own-stack';
import { withFault } from './crash/with-fault';
import { putRules, rulesFor } from './tags/put-rules';

/*
 * Whatever crashes, and whenever: afterwards the lag goes to zero by itself, nothing is lost and nothing counts twice.
 * What the tables and topics must hold is computed by the oracle from the messages of the source.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const SETTLE_MS = isLong ? 600_000 : 300_000;
/** A killed replica keeps its partitions for ten seconds, unless it is evicted. */
const JOIN_MS = 240_000;
/** Readiness knows after ten seconds; a busy machine takes the rest. */
const SEEN_MS = 60_000;

describe('kill -9 of a service', () => {
  const ORDERS = isLong ? 20_000 : 1_500;
  const KILLS = isLong ? 36 : 6;

  it(
    'again and again while orders flow changes nothing',
    async () => {
      const seed = drawSeed();
      const random = new Random(seed, 'kills');
      const pipeline = await inPipeline(inject('stack'));
      const traffic = new Traffic(pipeline, { seed, orders: ORDERS });
      await traffic.open();
      await pipeline.start();

      const kills = async () => {
        for (let kill = 1; kill <= KILLS; kill += 1) {
          if (kill === Math.ceil(KILLS / 2)) {
            await traffic.complete();
          }
          await pause(random.integer(100, isLong ? 5_000 : 2_000));
          const victim = pipeline.service(random.pick(services));
          if (random.chance(0.7)) {
            await victim.untilReady(JOIN_MS); // else it is killed while it joins
          }
          await victim.kill();
          if (!isLong && kill % 2 === 0) {
            await pipeline.evict(victim.name);
          }
          await victim.launch();
        }
      };
      await traffic.flowDuring(kills(), Math.ceil(traffic.length / (KILLS * 12)), 300);
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
    isLong ? 3_600_000 : 900_000,
  );

  it(
    'at one step of each service at once changes nothing',
    { tags: ['short'], timeout: 900_000 },
    async () => {
      const seed = drawSeed();
      const pipeline = await inPipeline(inject('stack'));
      const traffic = new Traffic(pipeline, { seed, orders: 200 });
      await traffic.open();
      // stg and dds have sent on what they read, so that the next service comes to its step too.
      const deaths = [
        dieAt(pipeline, 'stg', 'after_publish'),
        dieAt(pipeline, 'dds', 'before_offset'),
        dieAt(pipeline, 'cdm', 'before_commit'),
      ];
      await traffic.flowDuring(Promise.all(deaths), 20, 200);
      await traffic.complete();
      await pipeline.start();
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
  );

  it('at every step of a batch, and of the jobs that publish parked orders and tag events, changes nothing', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'failpoints');
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: isLong ? 4_000 : 1_500 });
    await traffic.open();

    const steps: Failpoint[] = [
      'before_commit',
      'after_commit',
      'after_publish',
      'before_offset',
      'after_offset',
    ];
    // The step matters here; the tests above wait until the session of a dead replica has expired.
    const die = async (name: ServiceName, failpoint: Failpoint, pass?: number) => {
      await dieAt(pipeline, name, failpoint, pass);
      if (!isLong) {
        await pipeline.evict(name);
      }
    };
    const dieAndRecover = async (name: ServiceName, failpoint: Failpoint, pass?: number) => {
      await die(name, failpoint, pass);
      const successor = pipeline.service(name);
      await successor.start();
      await successor.stop();
    };
    const dieEverywhere = async (name: ServiceName) => {
      for (const failpoint of random.shuffle(steps)) {
        // The batches of cdm publish nothing.
        if (!(name === 'cdm' && failpoint === 'after_publish')) {
          await dieAndRecover(name, failpoint, random.integer(1, 3));
        }
      }
      if (name === 'stg') {
        await pipeline.service(name).start();
        await untilParked(pipeline);
        await pipeline.service(name).stop();
        await traffic.complete();
        // No successor in between: it might release and publish all that waits.
        await die(name, 'parked_after_release');
        await dieAndRecover(name, 'parked_after_publish');
      } else if (name === 'cdm') {
        await dieAndRecover(name, 'tag_events_after_publish');
      }
      await pipeline.service(name).start();
    };
    await traffic.flowDuring(Promise.all(services.map(dieEverywhere)), isLong ? 10 : 4, 400);
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);

  /** Which orders miss an entry of the dictionary, and when they come, is up to the seed. */
  async function untilParked(pipeline: Pipeline): Promise<void> {
    await eventually(async () => {
      const parked = await pipeline.database.rows('SELECT object_id FROM stg.pending_orders LIMIT 1');
      return parked.length > 0 ? undefined : 'no order waits for the dictionary';
    }, JOIN_MS);
  }

  /** A replica of the test build comes to a step, and dies there. */
  async function dieAt(pipeline: Pipeline, name: ServiceName, failpoint: Failpoint, pass = 1): Promise<void> {
    const victim = pipeline.replica(name, dyingAt(failpoint, pass), 'dist-failpoints');
    await victim.launch();
    const { signal } = await victim.ended(JOIN_MS).catch((error: Error) => {
      throw new Error(`it did not come to ${failpoint}: ${error.message}`);
    });
    expect([name, failpoint, signal]).toEqual([name, failpoint, 'SIGKILL']);
  }
});

describe('connections to PostgreSQL', () => {
  it('that are cut in the middle of batches change nothing', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'cuts');
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: isLong ? 5_000 : 800 });
    await traffic.open();
    await pipeline.start();

    let cut = 0;
    const cuts = async () => {
      for (let time = 0; time < (isLong ? 100 : 20); time += 1) {
        await pause(random.integer(20, 900));
        const ended = await pipeline.database.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name LIKE 'order-vault%'`,
        );
        cut += ended.length;
      }
      await traffic.complete();
    };
    await traffic.flowDuring(cuts(), isLong ? 100 : 60, 250);
    expect(cut).toBeGreaterThan(20);
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);
});

describe('the outcome of a COMMIT', () => {
  it('that nobody knows, since the connection breaks before the answer, changes nothing', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: isLong ? 3_000 : 600 });
    await traffic.open();
    const replicas = services.map((name) =>
      pipeline.replica(name, withFault('lose_commit_answer'), 'dist-failpoints'),
    );
    await Promise.all(replicas.map((replica) => replica.start()));
    await traffic.flowDuring(pause(5_000), isLong ? 200 : 40, 200);
    await traffic.complete();
    await untilSettled(pipeline, SETTLE_MS);
    for (const replica of replicas) {
      expect(logged(replica, 'warn').join('\n')).toContain('provoked');
    }
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);
});

describe('a server', () => {
  const stack = useOwnStack();
  const AWAY_MS = isLong ? 20_000 : 3_000;
  const dependencies = { postgres: 'postgresql', kafka: 'kafka', redis: 'redis' } as const;
  const dependents = (server: ServerName) => (server === 'redis' ? (['stg'] as const) : services);

  const ends: [ServerName, 'SIGTERM' | 'SIGKILL'][] = [
    ['postgres', 'SIGKILL'],
    ['redis', 'SIGKILL'],
    ['kafka', 'SIGKILL'],
  ];
  const cleanEnds: typeof ends = [
    ['postgres', 'SIGTERM'],
    ['redis', 'SIGTERM'],
    ['kafka', 'SIGTERM'],
  ];
  it.each(isLong ? [...ends, ...cleanEnds] : ends)(
    '(%s) that goes away by %s while orders flow, and comes back, changes nothing',
    async (server, signal) => {
      const seed = drawSeed();
      const pipeline = await inPipeline(stack.environment);
      const traffic = new Traffic(pipeline, { seed, orders: isLong ? 3_000 : 500 });
      await traffic.open();
      await pipeline.start();
      await traffic.send(traffic.length / 2);

      await stack.stop(server, signal);
      const back = Date.now() + AWAY_MS;
      if (server === 'kafka') {
        await pause(AWAY_MS); // nobody can send meanwhile; readiness says after ten seconds, see stuck-is-seen
      } else {
        await allNotReady(pipeline, server);
        await traffic.send(traffic.left / 2);
        await pause(Math.max(0, back - Date.now()));
      }
      for (const name of services) {
        expect([name, (await liveness(pipeline.service(name))).status]).toEqual([name, 200]);
      }
      await stack.start(server);
      if (server === 'redis' && signal === 'SIGKILL') {
        await traffic.open(); // what it had not yet saved is gone
      }
      await Promise.all(services.map((name) => pipeline.service(name).untilReady(JOIN_MS)));
      await traffic.send();
      await traffic.complete();
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
    900_000,
  );

  it.each(['postgres', 'kafka', 'redis'] as const)(
    '(%s) that is down when the services start is waited for',
    async (server) => {
      const seed = drawSeed();
      const pipeline = await inPipeline(stack.environment);
      const traffic = new Traffic(pipeline, { seed, orders: 200 });
      await traffic.open();
      await traffic.send();
      await traffic.complete();
      await stack.stop(server);
      await Promise.all(services.map((name) => pipeline.service(name).launch()));
      await allNotReady(pipeline, server);
      await pause(AWAY_MS);
      await stack.start(server);
      await Promise.all(services.map((name) => pipeline.service(name).untilReady(JOIN_MS)));
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
    900_000,
  );

  async function allNotReady(pipeline: Pipeline, server: ServerName): Promise<void> {
    for (const name of dependents(server)) {
      await eventually(async () => {
        const { status, down } = await readiness(pipeline.service(name));
        const isTold = status === 503 && dependencies[server] in down;
        return isTold
          ? undefined
          : `${name} answers ${status} with ${JSON.stringify(down)} while ${server} is down`;
      }, SEEN_MS);
    }
  }
});

describe('schemas', () => {
  it('that are not there yet are waited for, without a dead letter', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'), { migrated: false });
    const traffic = new Traffic(pipeline, { seed, orders: 200, hasRules: false });
    await traffic.open();
    await traffic.send();
    await traffic.complete();
    await Promise.all(services.map((name) => pipeline.service(name).launch()));
    await eventually(async () => {
      const { status, down } = await readiness(pipeline.service('stg'));
      return status === 503 && /relation|schema/.test(down.postgresql ?? '') && !('kafka' in down)
        ? undefined
        : `stg answers ${status} with ${JSON.stringify(down)} while there are no schemas`;
    }, SEEN_MS);
    expect(await pipeline.deadLetters('stg')).toEqual([]);
    await pipeline.database.migrate();
    await putRules(pipeline, rulesFor(traffic.dictionary));
    await Promise.all(services.map((name) => pipeline.service(name).untilReady(JOIN_MS)));
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);
});
