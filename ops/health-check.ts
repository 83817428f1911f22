import { env, exit } from 'node:process';

/**
 * node dist/ops/health-check.js: whether the service of this container is ready, for Docker, which has no probes of its
 * own. Without PORT each service listens on a port of its own, so that all three are asked; a container runs one of
 * them.
 */
const ports = env.PORT ? [env.PORT] : ['3001', '3002', '3003'];
const answers = await Promise.all(
  ports.map((port) => fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)),
);
exit(answers.some((answer) => answer?.ok) ? 0 : 1);
