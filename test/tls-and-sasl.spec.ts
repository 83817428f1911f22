import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaIsMissing } from '../dev/stack/kafka-server';
import { eventually } from './harness/eventually';
import { liveness, logged, readiness } from './guarantees/crash/service-health';
import { useSecuredStack } from './harness/secured-stack';
import { ServiceProcess, type ServiceName } from './harness/service-process';

/*
 * The whole way with servers as clouds have them: TLS and a password at each, rules in Kafka, logins of their own in
 * PostgreSQL. What is wrong with certificate, host or password is said, with the server and the variable.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const ORDERS = 20;
const SAID_MS = 90_000;

// Docker's stack has no TLS.
describe.skipIf(kafkaIsMissing())('with TLS and passwords at all servers', () => {
  const stack = useSecuredStack();
  const running: ServiceProcess[] = [];
  let launches = 0;

  beforeAll(async () => {
    const { DATABASE_URL } = stack.environment;
    await prepared(run(['dist/ops/order-vault.js', 'migrate'], { DATABASE_URL }));
    await prepared(
      run(['dist/ops/order-vault.js', 'topics', '--partitions', '2'], stack.kafkaVariables('topics')),
    );
  });

  async function killAll(): Promise<void> {
    await Promise.all(running.filter((one) => one.running).map((one) => one.kill()));
    running.length = 0;
  }

  afterAll(killAll);

  function replica(name: ServiceName, variables: Record<string, string>): ServiceProcess {
    const log = join(stack.folder, `${name}-${launches}.log`);
    launches += 1;
    const service = new ServiceProcess(name, variables, log);
    running.push(service);
    return service;
  }

  it('orders reach the marts, each service with a user and a login of its own', async () => {
    const started = await Promise.all(
      services.map(async (name) => replica(name, { ...(await stack.variables(name)), LOG_LEVEL: 'debug' })),
    );
    await Promise.all(started.map((one) => one.start()));
    const options = ['--orders', String(ORDERS), '--rate', '0', '--no-noise'];
    const sent = await run(['--import', 'tsx', 'dev/orders.ts', ...options], { ...stack.environment });
    expect(sent).toMatchObject({ code: 0 });

    const database = new Client({ connectionString: stack.environment.DATABASE_URL });
    await database.connect();
    try {
      await eventually(async () => {
        const { rows } = await database.query<{ orders: number }>(
          'SELECT count(*)::integer AS orders FROM cdm.order_versions',
        );
        return rows[0]!.orders === ORDERS ? undefined : `the marts hold ${rows[0]!.orders} orders`;
      }, SAID_MS);
      const { rows } = await database.query<{ usename: string; ssl: boolean }>(
        `SELECT DISTINCT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name LIKE 'order-vault%' ORDER BY usename`,
      );
      expect(rows).toEqual(
        services.toSorted().map((name) => ({ usename: `order_vault_${name}`, ssl: true })),
      );
    } finally {
      await database.end();
    }
    // What the dashboard asks Kafka for is allowed too.
    await eventually(async () => {
      const { services: states } = (await (await fetch(`${started[2]!.url}/api/pipeline`)).json()) as {
        services: { service: string; lag: number | null }[];
      };
      const unread = states.filter(({ lag }) => lag !== 0);
      return states.length === 3 && unread.length === 0 ? undefined : JSON.stringify(states);
    }, SAID_MS);
    expect(await Promise.all(started.map((one) => one.stop()))).toEqual([0, 0, 0]);
  });

  describe('a service says which server it cannot use, why, and which variable to look at', () => {
    const cases = [
      [
        'the authority of others',
        async () => ({
          KAFKA_SSL_CA: stack.strangers.authority,
          REDIS_SSL_CA: stack.strangers.authority,
          DATABASE_URL: (await databaseUrl()).replace(
            encodeURIComponent(stack.environment.KAFKA_SSL_CA!),
            encodeURIComponent(stack.strangers.authority),
          ),
        }),
        {
          kafka: /KAFKA_SSL and KAFKA_SSL_CA: .*certificate/,
          postgresql: /DATABASE_URL: .*certificate/,
          redis: /REDIS_URL and REDIS_SSL_CA: .*certificate/,
        },
      ],
      [
        'no authority',
        async () => ({
          KAFKA_SSL_CA: '',
          REDIS_SSL_CA: '',
          DATABASE_URL: (await databaseUrl()).replace(/&sslrootcert=.*/, ''),
        }),
        {
          kafka: /KAFKA_SSL and KAFKA_SSL_CA: .*certificate/,
          postgresql: /DATABASE_URL: .*certificate/,
          redis: /REDIS_URL and REDIS_SSL_CA: .*certificate/,
        },
      ],
      [
        'a certificate for another host',
        async () => ({
          KAFKA_BROKERS: stack.environment.KAFKA_BROKERS.replace('localhost', '127.0.0.1'),
          REDIS_URL: stack.environment.REDIS_URL.replace('localhost', '127.0.0.1'),
          DATABASE_URL: (await databaseUrl()).replace('@localhost', '@127.0.0.1'),
        }),
        {
          kafka: /KAFKA_SSL and KAFKA_SSL_CA: .*does not match certificate's altnames/,
          postgresql: /DATABASE_URL: .*does not match certificate's altnames/,
          redis: /REDIS_URL and REDIS_SSL_CA: .*does not match certificate's altnames/,
        },
      ],
      [
        'a wrong password',
        async () => ({
          KAFKA_SASL_PASSWORD: 'secret-but-wrong',
          REDIS_URL: stack.environment.REDIS_URL.replace('secret-of-redis', 'secret-but-wrong'),
          DATABASE_URL: (await databaseUrl()).replace(':order_vault@', ':secret-but-wrong@'),
        }),
        {
          kafka: /KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: .*authentication failed/i,
          postgresql: /DATABASE_URL: password authentication failed for user "order_vault_stg"/,
          redis: /see user and password in REDIS_URL: WRONGPASS/,
        },
      ],
      [
        'no TLS',
        async () => ({
          KAFKA_SSL: 'false',
          REDIS_URL: stack.environment.REDIS_URL.replace('rediss:', 'redis:'),
          REDIS_SSL_CA: '',
          DATABASE_URL: (await databaseUrl()).replace(/\?.*/, ''),
        }),
        {
          kafka: /KAFKA_BROKERS and KAFKA_SSL: /,
          postgresql: /DATABASE_URL: .*no encryption/,
          redis: /Redis cannot be used|no answer within/,
        },
      ],
    ] as const;
    /** By the name of the case. They run side by side: what each says takes it seconds. */
    const replicas = new Map<string, ServiceProcess>();

    beforeAll(async () => {
      for (const [name, changes] of cases) {
        const stg = replica('stg', { ...(await stack.variables('stg')), ...(await changes()) });
        await stg.launch();
        replicas.set(name, stg);
      }
      for (const [name, stg] of replicas) {
        await eventually(
          async () => ((await liveness(stg)).status === 200 ? undefined : `${name}: ${stg.tail()}`),
          60_000,
        );
      }
    });
    afterAll(killAll);

    it.each(cases)('%s', async (what, _, said) => {
      const stg = replicas.get(what)!;
      await eventually(async () => {
        const { status, down } = await readiness(stg);
        const silent = Object.entries(said).filter(([server, words]) => !words.test(down[server] ?? ''));
        return status === 503 && silent.length === 0
          ? undefined
          : `readiness is ${status} with ${JSON.stringify(down)}`;
      }, SAID_MS);
      expect((await liveness(stg)).status).toBe(200);
      expect(stg.running).toBe(true);
      await eventually(async () => {
        const lines = logged(stg, 'warn').join('\n');
        const unsaid = ['Kafka', 'PostgreSQL'].find(
          (name) => !lines.includes(`${name} cannot be used, see `),
        );
        return unsaid && `no word of ${unsaid} in the log: ${lines}`;
      }, SAID_MS);
      expect(readFileSync(stg.log, 'utf8')).not.toContain('secret');
    });

    async function databaseUrl(): Promise<string> {
      return (await stack.logins()).stg;
    }
  });

  it('a certificate file that is not there ends the start, with the names of all such variables', async () => {
    const file = join(stack.folder, 'missing.pem');
    const stg = replica('stg', {
      ...(await stack.variables('stg')),
      KAFKA_SSL_CA: file,
      REDIS_SSL_CA: stack.folder,
      DATABASE_URL: `${stack.environment.DATABASE_URL.replace(/\?.*/, '')}?sslmode=verify-full&sslrootcert=${file}`,
    });
    await stg.launch();
    expect(await stg.ended(SAID_MS)).toEqual({ code: 1, signal: null });
    const said = 'a file with a certificate (PEM) that can be read, got';
    const lines = readFileSync(stg.log, 'utf8').trimEnd().split('\n');
    expect(lines.slice(1).toSorted()).toEqual([
      `  DATABASE_URL must name as sslrootcert ${said} "${file}"`,
      `  KAFKA_SSL_CA must be ${said} "${file}"`,
      `  REDIS_SSL_CA must be ${said} "${stack.folder}"`,
    ]);
  });

  describe('a job ends at once with one message and a code', () => {
    it.each([
      ['migrate', 'the authority of others', () => withAuthority(stack.strangers.authority), /certificate/],
      [
        'migrate',
        'an authority that is not there',
        () => withAuthority('/no/ca.pem'),
        /sslrootcert=\/no\/ca\.pem/,
      ],
      ['migrate', 'no TLS', () => ({ DATABASE_URL: plain() }), /DATABASE_URL refuses: .*no encryption/],
      [
        'migrate',
        'a wrong password',
        () => ({ DATABASE_URL: stack.environment.DATABASE_URL.replace(':order_vault@', ':secret@') }),
        /DATABASE_URL refuses: password authentication failed/,
      ],
      [
        'topics',
        'the authority of others',
        () => ({ ...stack.kafkaVariables('topics'), KAFKA_SSL_CA: stack.strangers.authority }),
        /KAFKA_SSL and KAFKA_SSL_CA: .*certificate/,
      ],
      [
        'topics',
        'an authority that is not there',
        () => ({ ...stack.kafkaVariables('topics'), KAFKA_SSL_CA: '/no/ca.pem' }),
        /KAFKA_SSL_CA .*"\/no\/ca\.pem"/,
      ],
      [
        'topics',
        'a wrong password',
        () => ({ ...stack.kafkaVariables('topics'), KAFKA_SASL_PASSWORD: 'secret' }),
        /KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: /,
      ],
    ] as const)('%s: %s', async (tool, _, variables, said) => {
      const { code, errors } = await run(['dist/ops/order-vault.js', tool], variables());
      expect(errors).toMatch(said);
      expect(errors.trimEnd().split('\n')).toHaveLength(1);
      expect(errors).not.toContain('secret');
      expect(code).toBe(1);
    });

    function plain(): string {
      return stack.environment.DATABASE_URL.replace(/\?.*/, '');
    }

    function withAuthority(file: string): Record<string, string> {
      return { DATABASE_URL: `${plain()}?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}` };
    }
  });
});

async function prepared(job: Promise<{ code: number; errors: string }>): Promise<void> {
  const { code, errors } = await job;
  if (code !== 0) {
    throw new Error(`the job ended with ${code}: ${errors}`);
  }
}

/** Runs node to its end with exactly these variables. */
async function run(
  args: string[],
  variables: Record<string, string | undefined>,
): Promise<{ code: number; errors: string }> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: SAID_MS,
  });
  const [[code], errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code: code as number, errors };
}
