import { existsSync, readFileSync } from 'node:fs';
import type { ServiceProcess } from '../../harness/service-process';

export interface Health {
  /** 0 when there is no answer. */
  status: number;
  /** What is down, and why. */
  down: Record<string, string>;
}

export function readiness(service: ServiceProcess): Promise<Health> {
  return health(service, 'ready');
}

export function liveness(service: ServiceProcess): Promise<Health> {
  return health(service, 'live');
}

async function health(service: ServiceProcess, route: 'live' | 'ready'): Promise<Health> {
  try {
    const answer = await fetch(`${service.url}/health/${route}`, { signal: AbortSignal.timeout(5_000) });
    const { error = {} } = (await answer.json()) as { error?: Record<string, { message?: string }> };
    const down = Object.entries(error).map(([name, { message = '' }]) => [name, message]);
    return { status: answer.status, down: Object.fromEntries(down) };
  } catch {
    return { status: 0, down: {} };
  }
}

/** Lines of its log with these levels. */
export function logged(
  service: ServiceProcess,
  ...levels: ('fatal' | 'error' | 'warn' | 'info')[]
): string[] {
  if (!existsSync(service.log)) {
    return [];
  }
  return readFileSync(service.log, 'utf8')
    .split('\n')
    .filter((line) => levels.some((level) => line.includes(`"level":"${level}"`)));
}
