import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  parent: number;
  /** Seconds of all processors, of its ended and collected children too where the system tells. */
  cpuSeconds: number;
}

const MIB = 1024 * 1024;
/** The unit of times in /proc: 100 a second on every architecture that Node runs on. */
const TICKS_A_SECOND = 100;

/** All processes of the machine. */
export function processTable(): ProcessRow[] {
  return existsSync('/proc/self/stat') ? fromProc() : parsePs(ps('pid=,ppid=,time='));
}

/** Seconds of a process and all its descendants. */
export function treeCpuSeconds(table: readonly ProcessRow[], root: number): number {
  const own = table.find(({ pid }) => pid === root)?.cpuSeconds ?? 0;
  const children = table.filter(({ parent }) => parent === root);
  return children.reduce((sum, { pid }) => sum + treeCpuSeconds(table, pid), own);
}

/** The most memory that a process has had resident, in MiB; where the system does not tell that, what it has now. */
export function residentMemory(pid: number): number {
  if (!existsSync('/proc/self/status')) {
    return (Number(ps('rss=', pid)) * 1024) / MIB;
  }
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`)) ?? [];
  return Number(kibibytes ?? 0) / 1024;
}

/** A line of /proc/PID/stat: the name in brackets may contain anything. See proc_pid_stat(5). */
export function parseStat(line: string): ProcessRow {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), cpuSeconds: ticks / TICKS_A_SECOND };
}

/** Lines of `ps -o pid=,ppid=,time=`; the time is [[days-]hours:]minutes:seconds, with a fraction on macOS. */
export function parsePs(output: string): ProcessRow[] {
  return output.split('\n').flatMap((line) => {
    const [pid, parent, time] = line.trim().split(/\s+/);
    if (!pid || !parent || !time) {
      return [];
    }
    const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
    const seconds = clock!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return [{ pid: Number(pid), parent: Number(parent), cpuSeconds: Number(days) * 86_400 + seconds }];
  });
}

function fromProc(): ProcessRow[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProc(`/proc/${entry}/stat`) || [])
    .map(parseStat);
}

function readProc(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended in between
  }
}

function ps(columns: string, pid?: number): string {
  const which = pid === undefined ? ['-A'] : ['-p', String(pid)];
  return execFileSync('ps', [...which, '-o', columns], { encoding: 'utf8' });
}
