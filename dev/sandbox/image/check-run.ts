import { setTimeout as pause } from 'node:timers/promises';
import { readMetrics, total } from '../../services/service-metrics';
import { freePorts } from '../../stack/free-ports';
import { serviceLogins } from '../../services/service-logins';
import { keep } from '../../stack/stack-keeper';
import { up, type StackEnvironment } from '../../stack/stack';
import type { Image } from './build-image';
import { Container, whyNotConfined } from './container';

const ORDERS = 500;
const PATIENCE_MS = 60_000;
/** What docs/guarantees.md promises. */
const STOP_MS = 15_000;

interface Service {
  name: 'stg' | 'dds' | 'cdm';
  port: number;
  container: Container;
}

/**
 * Runs migration, topics and the three services of the image on servers of its own, sends orders through, reconciles
 * and rebuilds what came of them, and stops the services.
 * @throws naming what does not do its part
 */
export async function checkRun(image: Image, say: (line: string) => void): Promise<void> {
  const hindrance = whyNotConfined();
  say(hindrance ? `runs as a plain process: ${hindrance}` : 'runs as process 1, not root, without writing');
  const run = (name: string, environment: Record<string, string>, command: string[]) =>
    new Container(name, image, environment, hindrance === undefined, command);

  const stackName = `image-${process.pid}`;
  const release = keep(stackName);
  try {
    const { KAFKA_BROKERS, DATABASE_URL, REDIS_URL } = await up(stackName);
    await run('migrate', { DATABASE_URL }, ['dist/ops/order-vault.js', 'migrate']).end();
    await run('topics', { KAFKA_BROKERS }, ['dist/ops/order-vault.js', 'topics', '--partitions', '3']).end();
    say('migrate and topics: done');

    const logins = await serviceLogins(DATABASE_URL);
    const ports = await freePorts(3);
    const services = (['stg', 'dds', 'cdm'] as const).map((name, place): Service => {
      const port = ports[place]!;
      const environment = {
        KAFKA_BROKERS,
        DATABASE_URL: logins[name],
        PORT: String(port),
        ...(name === 'stg' ? { REDIS_URL } : {}),
      };
      return { name, port, container: run(name, environment, [`dist/apps/${name}/main.js`]) };
    });
    await Promise.all(services.map((service) => untilHealthy(service, run, image)));
    say('stg, dds and cdm: healthy');
    await checkPages(services.at(-1)!, say);

    const options = ['--orders', String(ORDERS), '--rate', '0', '--no-noise'];
    await run('orders', { KAFKA_BROKERS, REDIS_URL }, ['dist/dev/orders.js', ...options]).end();
    for (const { name, port, container } of services) {
      await until(container, `handle ${ORDERS} orders`, async () => {
        const metrics = await readMetrics(port);
        return total(metrics, 'order_vault_messages_total', 'outcome="processed"') >= ORDERS;
      });
      container.checkConfinement();
      say(`${name}: handled ${ORDERS} orders, at most ${Math.round(container.memory)} MiB of memory`);
    }
    await useTools(run, { KAFKA_BROKERS, DATABASE_URL }, say);
    for (const { name, container } of services) {
      const took = await container.stop();
      if (took > STOP_MS) {
        throw container.complaint(`needed ${took} ms to stop`);
      }
      say(`${name}: stopped by SIGTERM within ${took} ms, exit code 0`);
    }
  } finally {
    await release();
  }
}

type Run = (name: string, environment: Record<string, string>, command: string[]) => Container;

/** By the health check of the image itself, as Docker would. */
async function untilHealthy({ name, port, container }: Service, run: Run, image: Image): Promise<void> {
  const [, ...healthCheck] = image.healthCheck; // node
  await until(container, 'be healthy', () =>
    run(`health check of ${name}`, { PORT: String(port) }, healthCheck)
      .end()
      .then(
        () => true,
        () => false,
      ),
  );
}

/** What operators run; reconcile and rebuild would end otherwise where anything differs. */
async function useTools(
  run: Run,
  { KAFKA_BROKERS, DATABASE_URL }: Pick<StackEnvironment, 'KAFKA_BROKERS' | 'DATABASE_URL'>,
  say: (line: string) => void,
): Promise<void> {
  await run('dead-letters', { KAFKA_BROKERS }, ['dist/ops/order-vault.js', 'dead-letters', 'list']).end();
  await run('parked', { DATABASE_URL }, ['dist/ops/order-vault.js', 'parked', 'list']).end();
  await run('forget', { DATABASE_URL }, ['dist/ops/order-vault.js', 'forget', '--help']).end();
  say('dead-letters, parked and forget: done');
  await run('reconcile', { DATABASE_URL }, ['dist/ops/order-vault.js', 'reconcile']).end();
  for (const layer of ['dds', 'cdm']) {
    await run(`rebuild of ${layer}`, { DATABASE_URL }, [
      'dist/ops/order-vault.js',
      'rebuild',
      layer,
      '--execute',
    ]).end();
  }
  say('reconcile and rebuild: done, nothing differs');
}

/** Files of the image, which no bundle holds. */
async function checkPages({ name, port, container }: Service, say: (line: string) => void): Promise<void> {
  for (const path of ['/', '/api/docs', '/api/docs/swagger-ui-bundle.js', '/api/openapi.json']) {
    const { status } = await fetch(`http://127.0.0.1:${port}${path}`);
    if (status !== 200) {
      throw container.complaint(`answers ${path} with ${status}`);
    }
  }
  say(`${name}: serves its pages`);
}

async function until(container: Container, what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (container.hasEnded) {
      throw container.complaint('has ended');
    }
    if (Date.now() > deadline) {
      throw container.complaint(`did not ${what} within ${PATIENCE_MS / 1000} s`);
    }
    await pause(300);
  }
}
