import { env, exit } from 'node:process';
import type { Command } from 'commander';

/**
 * Whether the service of this container is ready, for Docker, which has no probes of its own. Without PORT each service
 * listens on a port of its own, so that all three are asked; a container runs one of them.
 */
export function healthCheckCommand(command: Command): void {
  command
    .description('Exit code: 0 a service of this container is ready, 1 none is.')
    .addHelpText('after', '\nEnvironment: PORT, of the service. Without it the ports of all three are asked.')
    .action(async () => {
      const ports = env.PORT ? [env.PORT] : ['3001', '3002', '3003'];
      const answers = await Promise.all(
        ports.map((port) => fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)),
      );
      exit(answers.some((answer) => answer?.ok) ? 0 : 1);
    });
}
