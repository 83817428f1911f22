import { execFileSync } from 'node:child_process';
import type { ServiceProcess } from '../../harness/service-process';
import { eventually } from '../../harness/eventually';

/** Waits until a service has frozen by itself. */
export function untilFrozen(service: ServiceProcess, milliseconds: number): Promise<void> {
  return eventually(async () => {
    const state = execFileSync('ps', ['-o', 'state=', '-p', String(service.pid)], {
      encoding: 'utf8',
    }).trim();
    return state.startsWith('T') ? undefined : `${service.name} runs (${state})`;
  }, milliseconds);
}
