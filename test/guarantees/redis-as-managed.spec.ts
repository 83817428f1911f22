import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { RedisStore } from '@app/redis/redis-store';
import { makeCertificates, type Certificates } from '../harness/certificates';
import { lacks } from '../harness/needs';
import { RedisProcess, redisCluster, redisWithSentinels } from '../harness/redis-process';
import { SilentProxy } from '../harness/silent-proxy';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed } from '../history/seed';
import { logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSeen } from './crash/until-seen';
import { untilSettled } from './crash/until-settled';

/*
 * Redis as others run it: whatever state a server is in, it is down in words that name what to look at and no value,
 * and it heals by itself; clusters and sentinels are read by their URLs. With real servers in each state.
 */

/** From a cut to progress what is promised is 30 s; a busy machine takes more. */
const PROGRESS_MS = 60_000;
const SETTLE_MS = 180_000;

const keys = Array.from(
  { length: 200 },
  (_, place) => `6276e8cd0cf48b4cded0${String(place).padStart(4, '0')}`,
);
const entries = keys.map((key) => [key, `{"_id":"${key}","name":"Борщ"}`] as const);
const values = entries.map(([, value]) => value);

function storeOf(url: string, authority?: string): RedisStore {
  const store = new RedisStore(url, authority);
  onTestFinished(() => store.close());
  return store;
}

async function wordsOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'up',
    (error: Error) => error.message,
  );
}

async function textsOf(store: RedisStore, some = keys): Promise<(string | undefined)[]> {
  return (await store.read(some)).map((value) => value?.toString());
}

/** Waits until it is down in these words, in a check as in reading. */
async function expectDown(store: RedisStore, words: RegExp | string): Promise<void> {
  await expectWords(store, words);
  expect(await wordsOf(store.read(keys))).toMatch(words);
}

/** A reader waits meanwhile for seconds. */
async function expectWords(store: RedisStore, words: RegExp | string): Promise<void> {
  await expect.poll(() => wordsOf(store.check()), { interval: 200 }).toMatch(words);
}

async function expectUp(store: RedisStore): Promise<void> {
  await expect.poll(() => wordsOf(store.check()), { interval: 200 }).toBe('up');
}

describe('a server is down in the right words, and heals', () => {
  it('while it loads its data', async () => {
    const redis = await RedisProcess.start([
      'rdbcompression no',
      'loading-process-events-interval-bytes 65536',
    ]);
    const store = storeOf(redis.url);
    for (let part = 0; part < 10; part += 1) {
      await store.write(keys.map((key) => [`${key}:${part}`, 'x'.repeat(12_000)] as const));
    }
    await store.write(entries);
    await redis.admin.save();
    await redis.admin.config('SET', 'save', '');
    await redis.kill();
    // Slow until that is seen.
    redis.configure('key-load-delay 10000');
    await redis.launch();
    await expectDown(
      store,
      'Redis cannot be used, see the log of Redis, which reads its data from the disk: LOADING ',
    );
    await redis.admin.config('SET', 'key-load-delay', '0');
    await expectUp(store);
    expect(await textsOf(store)).toEqual(values);
  });

  it('as a replica without a master, which answers nothing', async () => {
    const redis = await RedisProcess.start(['replica-serve-stale-data no', 'replicaof 127.0.0.1 1']);
    const store = storeOf(redis.url);
    await expectDown(
      store,
      'Redis cannot be used, see replica-serve-stale-data of the replica in REDIS_URL, and its master: MASTERDOWN ',
    );
    await redis.admin.call('replicaof', 'no', 'one');
    await expectUp(store);
  });

  it('as a replica, and where its memory is full, for writing alone', async () => {
    const redis = await RedisProcess.start(['maxmemory 10mb', 'maxmemory-policy noeviction']);
    const store = storeOf(redis.url);
    await store.write(entries);
    await redis.admin.config('SET', 'maxmemory', '1');
    expect(await wordsOf(store.write(entries))).toMatch('Redis cannot be used, see maxmemory of Redis: OOM ');
    expect(await textsOf(store)).toEqual(values);
    await redis.admin.config('SET', 'maxmemory', '0');
    await store.write(entries);
    await redis.admin.call('replicaof', '127.0.0.1', '1');
    expect(await wordsOf(store.write(entries))).toMatch(
      'Redis cannot be used, see REDIS_URL, which names a replica: READONLY ',
    );
    expect(await textsOf(store)).toEqual(values);
    expect(await wordsOf(store.check())).toBe('up');
  });

  it('while a script keeps it busy', async () => {
    const redis = await RedisProcess.start(['lua-time-limit 100']);
    const store = storeOf(redis.url);
    await store.write(entries);
    const script = redis.admin.eval('while true do end', 0).catch(() => {});
    await expectDown(store, 'Redis cannot be used, see the script that Redis runs: BUSY ');
    const other = redis.admin.duplicate();
    await other.call('script', 'kill');
    other.disconnect();
    await script;
    await expectUp(store);
    expect(await textsOf(store)).toEqual(values);
  });

  it('where it takes no more connections', async () => {
    const redis = await RedisProcess.start();
    await redis.admin.config('SET', 'maxclients', '1');
    const store = storeOf(redis.url);
    await expectDown(store, 'Redis cannot be used, see maxclients of Redis: ');
    await redis.admin.config('SET', 'maxclients', '100');
    await expectUp(store);
  });

  it('where the user may not come in, or not read', async () => {
    const redis = await RedisProcess.start();
    await redis.admin.call('acl', 'setuser', 'reader', 'on', '>secret', '~*', '+get', '+mget', '+select');
    const place = redis.url.replace('redis://', '');
    const wrong = storeOf(`redis://reader:wrong@${place}`);
    await expectDown(wrong, 'Redis cannot be used, see user and password in REDIS_URL: WRONGPASS ');
    await expectUp(storeOf(`redis://reader:secret@${place}`));
    await expectUp(storeOf(`redis://reader:secret@${place}/3`));
    const store = storeOf(`redis://reader:secret@${place}`);
    await redis.admin.call('acl', 'setuser', 'reader', '-mget');
    await expectDown(store, 'Redis cannot be used, see the rights of the user in REDIS_URL: NOPERM ');
    await redis.admin.call('acl', 'setuser', 'reader', '+mget', 'resetkeys', '~order-vault*');
    expect(await wordsOf(store.read(keys))).toMatch(
      'Redis cannot be used, see the rights of the user in REDIS_URL: NOPERM ',
    );
    await expectDown(store, 'Redis cannot be used, see the rights of the user in REDIS_URL: NOPERM ');
    await redis.admin.call('acl', 'setuser', 'reader', '~*');
    await expectUp(store);
    await redis.admin.call('acl', 'setuser', 'default', '>another');
    await redis.admin.call('acl', 'setuser', 'default', '-@all', 'resetkeys', 'nopass', '+@all', '~*');
    await redis.admin.config('SET', 'requirepass', 'secret');
    const stranger = storeOf(redis.url);
    await expectDown(
      stranger,
      /^Redis cannot be used, see user and password in REDIS_URL: (NOAUTH |.*unauthenticated)/,
    );
  });

  it('where it has no such database: never that of another number', async () => {
    const redis = await RedisProcess.start(['databases 2']);
    await storeOf(redis.url).write(entries);
    const store = storeOf(`${redis.url}/1`);
    expect(await textsOf(store)).toEqual(keys.map(() => undefined));
    await store.write([[keys[0]!, 'in the second']]);
    expect(await textsOf(store, keys.slice(0, 2))).toEqual(['in the second', undefined]);
    const missing = storeOf(`${redis.url}/2`);
    await expectDown(
      missing,
      'Redis cannot be used, see the database in REDIS_URL: ERR DB index is out of range',
    );
    await pause(2_500);
    await expectDown(
      missing,
      'Redis cannot be used, see the database in REDIS_URL: ERR DB index is out of range',
    );
  });

  it('takes a key that holds no text for one that holds nothing', async () => {
    const redis = await RedisProcess.start();
    const store = storeOf(redis.url);
    await store.write(entries.slice(1));
    await redis.admin.rpush(keys[0]!, 'a');
    expect(await textsOf(store)).toEqual([undefined, ...values.slice(1)]);
  });
});

describe('a cluster', () => {
  it('is read and written across its slots, a master may go, and come back', async () => {
    const { masters, url } = await redisCluster();
    const store = storeOf(url);
    await expectUp(store);
    await store.write(entries);
    await store.replace(keys[0]!, values[0]!);
    await expect.poll(() => textsOf(store)).toEqual(values);
    await masters[0]!.untilReplicated();
    await masters[0]!.kill();
    const begun = performance.now();
    await expect.poll(() => wordsOf(store.read(keys)), { interval: 200 }).toBe('up');
    console.log(
      `a master of the cluster is gone: read again after ${Math.round(performance.now() - begun)} ms`,
    );
    expect(await textsOf(store)).toEqual(values);
    await masters[0]!.launch();
    await expectUp(store);
    expect(await textsOf(store)).toEqual(values);
  });

  it('without replicas is down in the right words while a part of it is gone, seen by that part', async () => {
    const { masters, url } = await redisCluster(['cluster-require-full-coverage no'], { replicas: false });
    const store = storeOf(url);
    await store.write(entries);
    await masters[1]!.kill();
    await expectDown(
      store,
      /^Redis cannot be used, see (REDIS_URL|CLUSTER INFO of the cluster in REDIS_URL): /,
    );
    await masters[1]!.launch();
    await expectUp(store);
  });

  it('that a URL takes for one server, and the reverse, are down in words that say so', async () => {
    const { masters } = await redisCluster([], { replicas: false });
    const store = storeOf(masters[0]!.url);
    await expectDown(
      store,
      'Redis cannot be used, see REDIS_URL, which begins with redis+cluster:// where Redis is a cluster: ',
    );
    const alone = await RedisProcess.start();
    await expectDown(
      storeOf(`redis+cluster://${alone.address}`),
      'Redis cannot be used, see REDIS_URL, which begins with redis:// where Redis is no cluster: ERR This instance has cluster support disabled',
    );
    const empty = await RedisProcess.start(['cluster-enabled yes']);
    await expectDown(
      storeOf(empty.url),
      'Redis cannot be used, see CLUSTER INFO of the cluster in REDIS_URL: CLUSTERDOWN ',
    );
    await expectDown(storeOf(`redis+cluster://${empty.address}`), /Redis cannot be used, see .*REDIS_URL: /);
  });

  it('that is away is down in words that say why; plain ioredis says only that the connection is closed', async () => {
    await expectWords(
      storeOf('redis+cluster://127.0.0.1:1'),
      'Redis cannot be used, see REDIS_URL: connect ECONNREFUSED 127.0.0.1:1',
    );
    const plain = new Cluster([{ host: '127.0.0.1', port: 1 }], { clusterRetryStrategy: () => null });
    const [error] = (await once(plain, 'error')) as [{ lastNodeError: Error }];
    expect(error.lastNodeError.message).toBe('Connection is closed.');
  });

  it('asks for the user and password of all its nodes', async () => {
    const { masters } = await redisCluster([], { replicas: false });
    await Promise.all(
      masters.map(({ admin }) =>
        admin.call('acl', 'setuser', 'reader', 'on', '>se@cret', '~*', '+get', '+set', '+cluster'),
      ),
    );
    const place = masters.map(({ address }) => address).join();
    const store = storeOf(`redis+cluster://reader:se%40cret@${place}`);
    await expectUp(store);
    await store.write(entries);
    expect(await textsOf(store)).toEqual(values);
    await expectDown(
      storeOf(`redis+cluster://reader:wrong@${place}`),
      'Redis cannot be used, see user and password in REDIS_URL: WRONGPASS ',
    );
  });
});

describe('sentinels', () => {
  it('name the master, also another one after a fail-over', async () => {
    const { master, sentinels } = await redisWithSentinels();
    const store = storeOf(`redis+sentinel://${sentinels.map(({ address }) => address).join()}/dictionary/2`);
    await store.write(entries);
    await master.untilReplicated();
    await master.kill();
    const begun = performance.now();
    await expect.poll(() => wordsOf(store.write(entries)), { interval: 200 }).toBe('up');
    console.log(`the master is gone: written again after ${Math.round(performance.now() - begun)} ms`);
    expect(await textsOf(store)).toEqual(values);
    await master.launch();
    await sentinels[0]!.kill();
    await expectUp(store);
  });

  it('that are away, know no such master or ask for a password are named in the words', async () => {
    const { sentinels } = await redisWithSentinels(
      [],
      ['requirepass of-the-sentinels', 'sentinel sentinel-pass of-the-sentinels'],
    );
    const place = sentinels.map(({ address }) => address).join();
    await expectUp(storeOf(`redis+sentinel://${place}/dictionary?sentinel_password=of-the-sentinels`));
    await Promise.all([
      expectWords(
        storeOf(`redis+sentinel://${place}/dictionary`),
        /^Redis cannot be used, see .*REDIS_URL: .*NOAUTH/,
      ),
      expectWords(
        storeOf(`redis+sentinel://${place}/another?sentinel_password=of-the-sentinels`),
        'Redis cannot be used, see the name of the master in REDIS_URL: the sentinels name no master: ERR No such master',
      ),
      expectWords(
        storeOf('redis+sentinel://127.0.0.1:1/dictionary'),
        'Redis cannot be used, see REDIS_URL: connect ECONNREFUSED 127.0.0.1:1',
      ),
    ]);
  });
});

describe('with TLS at every server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'order-vault-redis-tls-'));
  let certificates: Certificates;
  let authority: string;
  let strangers: string;

  beforeAll(async () => {
    certificates = await makeCertificates(folder, 'servers');
    authority = readFileSync(certificates.authority, 'utf8');
    strangers = readFileSync((await makeCertificates(folder, 'strangers')).authority, 'utf8');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a cluster is read under the names that it announces, also when a master has gone', async () => {
    const { masters, url } = await redisCluster([], { certificates });
    await Promise.all([
      expectWords(
        storeOf(url, strangers),
        /^Redis cannot be used, see REDIS_URL and REDIS_SSL_CA: .*certificate/,
      ),
      expectWords(
        storeOf(url.replace('rediss', 'redis'), authority),
        /^Redis cannot be used, see REDIS_URL: /,
      ),
    ]);
    const store = storeOf(url, authority);
    await expectUp(store);
    await store.write(entries);
    await masters[0]!.untilReplicated();
    await masters[0]!.kill();
    await expect.poll(() => wordsOf(store.read(keys)), { interval: 200 }).toBe('up');
    expect(await textsOf(store)).toEqual(values);
  });

  it('sentinels name the master, also another one after a fail-over', async () => {
    const { master, sentinels } = await redisWithSentinels([], [], certificates);
    const place = `${sentinels.map(({ address }) => address).join()}/dictionary`;
    const failOver = async () => {
      const store = storeOf(`rediss+sentinel://${place}`, authority);
      await store.write(entries);
      await master.untilReplicated();
      await master.kill();
      await expect.poll(() => wordsOf(store.write(entries)), { interval: 200 }).toBe('up');
      expect(await textsOf(store)).toEqual(values);
    };
    await Promise.all([
      // The sentinels stay.
      expectWords(
        storeOf(`rediss+sentinel://${place}`, strangers),
        /^Redis cannot be used, see REDIS_URL and REDIS_SSL_CA: .*certificate/,
      ),
      failOver(),
    ]);
  });
});

describe('a connection that nobody ended and nothing passes any more', () => {
  /** How long it takes until keys are read again, in milliseconds. */
  async function untilRead(store: RedisStore): Promise<number> {
    const begun = performance.now();
    await expect.poll(() => wordsOf(store.read(keys)), { timeout: PROGRESS_MS, interval: 100 }).toBe('up');
    return Math.round(performance.now() - begun);
  }

  it('to a server is dropped and replaced, in use and idle, and so it is where nothing new is let in for a while', async () => {
    const redis = await RedisProcess.start();
    const proxy = new SilentProxy(redis.port);
    await proxy.listen();
    onTestFinished(() => proxy.close());
    const troubles: string[] = [];
    const store = new RedisStore(`redis://127.0.0.1:${proxy.port}/1`, undefined, (trouble) =>
      troubles.push(trouble),
    );
    onTestFinished(() => store.close());
    await store.write(entries);

    proxy.forgetConnections();
    const forgotten = await untilRead(store);
    expect(troubles).toEqual(['Redis cannot be used, see REDIS_URL: no answer, the connection is dropped']);
    proxy.goSilent();
    const silence = untilRead(store);
    await pause(12_000);
    proxy.recover();
    console.log(
      `read again ${forgotten} ms after the cut, and ${(await silence) - 12_000} ms after 12 s of silence`,
    );
    expect(troubles.every((trouble) => trouble.startsWith('Redis cannot be used, see REDIS_URL: '))).toBe(
      true,
    );
    expect(await textsOf(store)).toEqual(values);
  });

  it.skipIf(lacks('iptables'))(
    'to a node of a cluster is dropped and replaced, where its packets are lost',
    async () => {
      const { masters, url } = await redisCluster([], { replicas: false });
      const store = storeOf(url);
      await store.write(entries);
      const clients = String(await masters[0]!.admin.client('LIST'));
      const ports = [...clients.matchAll(/ addr=127\.0\.0\.1:(\d+) .* cmd=(?:get|set|cluster)/g)].map(
        ([, port]) => port!,
      );
      expect(ports).not.toEqual([]);
      for (const port of ports) {
        const rule = [
          'INPUT',
          '-i',
          'lo',
          '-p',
          'tcp',
          '--sport',
          port,
          '--dport',
          String(masters[0]!.port),
          '-j',
          'DROP',
        ];
        execFileSync('iptables', ['-I', ...rule]);
        onTestFinished(() => void execFileSync('iptables', ['-D', ...rule]));
      }
      console.log(`read again ${await untilRead(store)} ms after packets of a node of a cluster were lost`);
      expect(await textsOf(store)).toEqual(values);
    },
  );

  it('to the master that sentinels named is dropped and replaced', async () => {
    const { master, sentinels } = await redisWithSentinels();
    const proxies = await Promise.all(
      sentinels.map(async ({ port }) => {
        const proxy = new SilentProxy(port);
        await proxy.listen();
        onTestFinished(() => proxy.close());
        return proxy;
      }),
    );
    const place = proxies.map(({ port }) => `127.0.0.1:${port}`).join();
    const store = storeOf(`redis+sentinel://${place}/dictionary`);
    await store.write(entries);
    // One sentinel that says nothing, beside others that do.
    proxies[0]!.goSilent();
    await master.admin.call('client', 'kill', 'type', 'normal', 'skipme', 'yes');
    console.log(`read again ${await untilRead(store)} ms after a sentinel went silent`);
    expect(await textsOf(store)).toEqual(values);
  });
});

describe('stg', () => {
  it('waits in each state of Redis, which readiness, log and figure show, and goes on by itself', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const redis = await RedisProcess.start([
      'replica-serve-stale-data no',
      'lua-time-limit 100',
      'loading-process-events-interval-bytes 1024',
    ]);
    const { masters } = await redisCluster([], { replicas: false });
    const traffic = new Traffic(pipeline, { seed: drawSeed(), orders: 100, isClean: true, hasRules: false });
    await traffic.open();
    await storeOf(redis.url).write(Object.entries(traffic.dictionary));
    let stg = pipeline.replica('stg', { REDIS_URL: redis.url });
    await Promise.all(
      [stg, pipeline.service('dds'), pipeline.service('cdm')].map((service) => service.start()),
    );
    const { admin } = redis;
    const other = admin.duplicate();
    onTestFinished(() => other.disconnect());
    const states: [words: RegExp, begin: () => Promise<unknown>, end: () => Promise<unknown>][] = [
      [
        /see replica-serve-stale-data of the replica in REDIS_URL, and its master: MASTERDOWN /,
        () => admin.call('replicaof', '127.0.0.1', '1'),
        () => admin.call('replicaof', 'no', 'one'),
      ],
      [
        /see the rights of the user in REDIS_URL: NOPERM /,
        () => admin.call('acl', 'setuser', 'default', '-mget'),
        () => admin.call('acl', 'setuser', 'default', '+mget'),
      ],
      [
        /see the script that Redis runs: BUSY /,
        async () => void admin.eval('while true do end', 0).catch(() => {}),
        () => other.call('script', 'kill'),
      ],
      [
        /see the log of Redis, which reads its data from the disk: LOADING /,
        async () => {
          await admin.save();
          await redis.kill();
          // For each key: as long as a large dictionary takes.
          redis.configure('key-load-delay 80000');
          await redis.launch();
        },
        () => admin.config('SET', 'key-load-delay', '0'),
      ],
      [
        /see REDIS_URL, which begins with redis\+cluster:\/\/ where Redis is a cluster: (CROSSSLOT|MOVED) /,
        async () => {
          await stg.stop();
          stg = pipeline.replica('stg', { REDIS_URL: masters[0]!.url });
          await stg.launch();
        },
        async () => {
          await stg.stop();
          stg = pipeline.replica('stg', { REDIS_URL: redis.url });
          await stg.start();
        },
      ],
    ];
    for (const [words, begin, end] of states) {
      await begin();
      await traffic.send(15);
      await untilSeen(stg, { server: 'redis', words });
      await end();
      await stg.untilReady();
      await untilSettled(pipeline, SETTLE_MS);
    }
    expect(await pipeline.deadLetters('stg')).toEqual([]);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 600_000);

  it('reads a cluster and waits for its lost part, and drops a connection that nothing passes', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'));
    const { masters, url } = await redisCluster([], { replicas: false });
    const traffic = new Traffic(pipeline, { seed, orders: 120, isClean: true });
    const store = storeOf(url);
    await traffic.open();
    await store.write(Object.entries(traffic.dictionary));
    const stg = pipeline.replica('stg', { REDIS_URL: url });
    await Promise.all(
      [stg, pipeline.service('dds'), pipeline.service('cdm')].map((service) => service.start()),
    );
    await traffic.send(60);
    await untilSettled(pipeline, SETTLE_MS);
    expect((await readiness(stg)).status).toBe(200);

    await masters[1]!.admin.call('client', 'pause', '600000', 'ALL');
    await traffic.send();
    await eventually(async () => {
      const { status, down } = await readiness(stg);
      return status === 503 && down.redis?.startsWith('Redis cannot be used, see ') && !('kafka' in down)
        ? undefined
        : `stg answers ${status} with ${JSON.stringify(down)}`;
    }, PROGRESS_MS);
    await masters[1]!.kill();
    await masters[1]!.launch();
    await store.check().catch(() => {});
    await expect.poll(() => wordsOf(store.write(Object.entries(traffic.dictionary)))).toBe('up');
    await untilSettled(pipeline, SETTLE_MS);
    expect((await readiness(stg)).status).toBe(200);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 600_000);

  it('goes on within half a minute where its connection was forgotten, with one line in the log', async () => {
    const seed = drawSeed();
    const { REDIS_URL } = inject('stack');
    const pipeline = await inPipeline(inject('stack'));
    const proxy = new SilentProxy(Number(new URL(REDIS_URL).port));
    await proxy.listen();
    onTestFinished(() => proxy.close());
    const traffic = new Traffic(pipeline, { seed, orders: 60, isClean: true });
    await traffic.open();
    const dictionary = new URL(pipeline.dictionary.url);
    dictionary.port = String(proxy.port);
    const stg = pipeline.replica('stg', { REDIS_URL: dictionary.href });
    await stg.start();
    await traffic.send(30);
    await expect.poll(() => pipeline.unread('stg'), { timeout: SETTLE_MS }).toEqual([]);

    proxy.forgetConnections();
    await traffic.send();
    const begun = performance.now();
    await expect.poll(() => pipeline.unread('stg'), { timeout: PROGRESS_MS }).toEqual([]);
    console.log(
      `stg goes on ${Math.round(performance.now() - begun)} ms after its connection to Redis was cut`,
    );
    const lines = logged(stg, 'warn', 'error').filter((line) => line.includes('the connection is dropped'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'waiting: Redis cannot be used, see REDIS_URL: no answer, the connection is dropped',
    );
  }, 300_000);
});
