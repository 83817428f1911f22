import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { kafkaVersion } from '../stack/kafka-server';

export interface Machine {
  /** When the benchmark began, ISO 8601. */
  at: string;
  /** The commit that was measured, where this is a checkout. */
  commit?: string;
  processor: string;
  cores: number;
  /** GiB. */
  memory: number;
  system: string;
  /** On which the services ran; filled in when one has reported it. */
  node?: string;
  kafka: string;
  /** Filled in when a server has answered. */
  postgres?: string;
  /** Processes that wanted to run during the minute before. */
  load: number;
}

export function describeMachine(): Machine {
  return {
    at: new Date().toISOString(),
    commit: commit(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: totalmem() / 1024 ** 3,
    system: `${platform()} ${release()} ${arch()}`,
    kafka: kafkaVersion,
    load: loadavg()[0]!,
  };
}

function commit(): string | undefined {
  try {
    const git = ['describe', '--always', '--dirty'];
    return execFileSync('git', git, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
