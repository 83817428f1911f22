import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestsOf, renderFolder, type Manifest } from '../dev/sandbox/deploy/render';
import { nodeLikeTheImage } from '../dev/services/node-of-release';
import { kafkaIsMissing } from '../dev/stack/kafka-server';
import { isLong } from './history/seed';
import { runTool } from './harness/run-tool';
import { useSecuredStack } from './harness/secured-stack';
import { ServiceProcess } from './harness/service-process';
import { find } from './deploy/manifests';
import { environmentOf, services, type Workload } from './deploy/workloads';

/*
 * Jobs, services and tools with the variables of the overlay production and the users of deploy/README.md, on servers
 * with TLS and rules: what the overlay sets is enough, and each user may do what it is asked for. The overlay needs Go.
 */
const ORDERS = 200;
const SAID_MS = 90_000;
const CERTIFICATES = '/etc/order-vault/certificates/ca.pem';
const API_TOKEN = 'secret-of-the-api';
const OWNER = 'order_vault_owner';

describe.skipIf(!isLong || kafkaIsMissing())('the overlay production', () => {
  const stack = useSecuredStack();
  let manifests: Manifest[];
  let admin: Client;
  const running: ServiceProcess[] = [];

  beforeAll(async () => {
    manifests = manifestsOf(await renderFolder('overlays/production'));
    admin = new Client({ connectionString: stack.environment.DATABASE_URL });
    await admin.connect();
    await admin.query(`CREATE ROLE ${OWNER} LOGIN PASSWORD 'order_vault'`);
    await admin.query(`ALTER DATABASE order_vault OWNER TO ${OWNER}`);
  });
  afterAll(async () => {
    await Promise.all(running.filter((one) => one.running).map((one) => one.kill()));
    await admin.end();
  });

  /** What the Secret of a user holds. */
  async function secret(user: string): Promise<Record<string, string>> {
    const logins: Record<string, string> = await stack.logins();
    const owner = new URL(stack.environment.DATABASE_URL);
    [owner.username, owner.password] = [OWNER, 'order_vault'];
    const kafka = user === 'migrate' ? {} : stack.kafkaVariables(user as 'stg');
    return {
      DATABASE_URL: logins[user] ?? owner.href,
      REDIS_URL: stack.environment.REDIS_URL,
      API_TOKEN,
      ...Object.fromEntries(Object.entries(kafka).filter(([name]) => name.startsWith('KAFKA_SASL_'))),
    };
  }

  /** Of a server here where the overlay names one of yours. */
  function here(variables: Record<string, string>): Record<string, string> {
    const file = stack.environment.KAFKA_SSL_CA!;
    const { KAFKA_BROKERS } = stack.environment;
    return Object.fromEntries(
      Object.entries({ ...variables, ...('KAFKA_BROKERS' in variables && { KAFKA_BROKERS }) })
        .filter(([name]) => name !== 'PORT')
        .map(([name, value]) => [name, value.replace(CERTIFICATES, file)]),
    );
  }

  async function variablesOf(name: Workload): Promise<Record<string, string>> {
    const values = await secret(name);
    return here(environmentOf(manifests, name, (_, key) => values[key]!));
  }

  async function run(name: string, args: string[], variables: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await runTool(name, args, variables);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  async function operate(name: string, ...args: string[]): Promise<string> {
    const [{ configMapRef }] = find(manifests, 'Deployment', 'tools').spec.template.spec.containers[0]
      .envFrom;
    const { DATABASE_URL, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = await secret('operator');
    const ofSecret = { DATABASE_URL, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } as Record<string, string>;
    const { data } = find(manifests, 'ConfigMap', configMapRef.name);
    return run(name, args, here({ ...data, ...ofSecret }));
  }

  it('takes orders to the marts', async () => {
    await run('migrate', [], await variablesOf('migrate'));
    await run('topics', ['--partitions', '2'], await variablesOf('topics'));
    for (const name of services) {
      running.push(new ServiceProcess(name, await variablesOf(name), join(stack.folder, `${name}.log`)));
    }
    await Promise.all(running.map((one) => one.start()));
    const options = ['--orders', String(ORDERS), '--rate', '0'];
    await promisify(execFile)(await nodeLikeTheImage(), ['dist/dev/orders.js', ...options], {
      env: { PATH: process.env.PATH, ...stack.environment },
    });
    const counted = async () => {
      const { rows } = await admin.query<{ orders: number }>(
        'SELECT count(*)::integer AS orders FROM cdm.order_versions',
      );
      return rows[0]!.orders;
    };
    await expect.poll(counted, { timeout: SAID_MS }).toBe(ORDERS);
  });

  it('connects to PostgreSQL with the login of each service, by TLS', async () => {
    const { rows } = await admin.query<{ usename: string; ssl: boolean }>(
      `SELECT DISTINCT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name LIKE 'order-vault%' ORDER BY usename`,
    );
    expect(rows).toEqual(services.toSorted().map((name) => ({ usename: `order_vault_${name}`, ssl: true })));
  });

  it('lets operators do their work with the Secret of the component tools', async () => {
    const producer = stack.kafka('admin').producer();
    await producer.connect();
    await producer.send({ topic: 'order-service_orders', messages: [{ value: '{' }] });
    await producer.disconnect();
    await expect
      .poll(() => operate('dead-letters', 'list'), { timeout: SAID_MS, interval: 1000 })
      .toContain('invalid_json');
    expect(await operate('dead-letters', 'replay', '--all', '--execute')).toContain('order-service_orders');
    expect(await operate('parked', 'list')).toBeDefined();
    await operate('rebuild', 'cdm', '--execute');
    expect(await operate('reconcile')).toContain('Nothing differs.');
  });

  it('lets the page send a dead letter back with the user cdm', async () => {
    const ask = async (path: string, method: string) => {
      const headers = { Authorization: `Bearer ${API_TOKEN}` };
      const answer = await fetch(`${running.at(-1)!.url}/api/v1/dead-letters${path}`, { method, headers });
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    const replayed = await ask('/replay?all=true&again=true&execute=true', 'POST');
    expect(replayed).toMatchObject({ status: 200, body: { sent: [{ topic: 'order-service_orders' }] } });
  });
});
