import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What some tests need beside the stack, and how to get it on Debian and Ubuntu. */
const programs = {
  // To cut connections; `ss` of iproute2 lists them. Root alone may.
  iptables: 'iptables iproute2',
  javac: 'default-jdk-headless maven',
  kcat: 'kafkacat',
  pgbouncer: 'pgbouncer',
  psql: 'postgresql-client',
  python3: 'python3',
  'redis-sentinel': 'redis-sentinel',
  'redis-server': 'redis-server',
} as const;

export type Program = keyof typeof programs;

/**
 * Whether a program can be used here: `describe.skipIf(lacks('pgbouncer'))`. Where it can't, that is said, with what to
 * install.
 * @throws where it can't and `SERVERS_TESTS=required`
 */
export function lacks(program: Program): boolean {
  if (program === 'iptables' ? filtersPackets() : isOnPath(program)) {
    return false;
  }
  const advice = `${program} cannot be used here, so its tests are left out. On Debian and Ubuntu: apt-get install ${programs[program]}`;
  if (process.env.SERVERS_TESTS === 'required') {
    throw new Error(advice);
  }
  console.warn(advice);
  return true;
}

/** Some of them are in folders that only the PATH of root has. */
function isOnPath(program: string): boolean {
  return `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Root in a container may be forbidden to. */
function filtersPackets(): boolean {
  return isOnPath('ss') && spawnSync('iptables', ['--wait', '--list', 'INPUT', '--numeric']).status === 0;
}
