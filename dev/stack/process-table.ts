import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  parent: number;
  /** Seconds of all processors, of its ended and collected children too where the system reports them. */
  cpuSeconds: number;
  /** Program and arguments, separated by spaces; empty where it has ended and isn't collected yet. */
  command: string;
}

/** The unit of times in /proc: 100 a second on every architecture that Node runs on. */
const TICKS_A_SECOND = 100;

/**
 * All processes of the machine that this account can see. Those that end while they are read may be missing, and what
 * they took too.
 */
export function processTable(): ProcessRow[] {
  return hasProc() ? readProcesses(processIds()) : askPs();
}

/**
 * The same at one moment, for sums: read until no process ended meanwhile. What such a process took is said twice, by
 * itself and by its parent, or, where the parent was read before, not at all.
 */
export function processTableOfOneMoment(): ProcessRow[] {
  while (hasProc()) {
    const pids = processIds();
    const table = readProcesses(pids);
    const left = new Set(processIds());
    if (pids.every((pid) => left.has(pid))) {
      return table;
    }
  }
  return askPs();
}

function hasProc(): boolean {
  return existsSync('/proc/self/stat');
}

function processIds(): string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
}

function askPs(): ProcessRow[] {
  return parsePs(ps('-A', '-ww', '-o', 'pid=,ppid=,time=,stat=,command='));
}

function readProcesses(pids: string[]): ProcessRow[] {
  return pids.flatMap((pid) => {
    const stat = readProc(`/proc/${pid}/stat`);
    const command = readProc(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    return stat ? [{ ...parseStat(stat), command }] : [];
  });
}

/** The processes that have not ended. */
export function runningProcesses(): ProcessRow[] {
  return processTable().filter(({ command }) => command !== '');
}

export function isRunning(pid: number, identity: string): boolean {
  return runningProcesses().some((running) => running.pid === pid && running.command.includes(identity));
}

/** Processor seconds of a process and all its descendants. */
export function treeCpuSeconds(table: readonly ProcessRow[], root: number): number {
  const own = table.find(({ pid }) => pid === root)?.cpuSeconds ?? 0;
  const children = table.filter(({ parent }) => parent === root);
  return children.reduce((sum, { pid }) => sum + treeCpuSeconds(table, pid), own);
}

/** The most memory that a process has had resident, in MiB; where the system does not report that, what it has now. */
export function residentMemory(pid: number): number {
  if (!existsSync('/proc/self/status')) {
    return Number(ps('-p', String(pid), '-o', 'rss=')) / 1024;
  }
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`)) ?? [];
  return Number(kibibytes ?? 0) / 1024;
}

/** A line of /proc/PID/stat: the name in brackets may contain anything. See proc_pid_stat(5). */
export function parseStat(line: string): Omit<ProcessRow, 'command'> {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), cpuSeconds: ticks / TICKS_A_SECOND };
}

/** Lines of `ps -o pid=,ppid=,time=,stat=,command=`; the time is [[days-]hours:]minutes:seconds. */
export function parsePs(output: string): ProcessRow[] {
  const form = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s+(\S+)\s+(.*)$/gm;
  return Array.from(output.matchAll(form), ([, pid, parent, days = 0, clock, state, command]) => {
    const seconds = clock!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return {
      pid: Number(pid),
      parent: Number(parent),
      cpuSeconds: Number(days) * 86_400 + seconds,
      command: state!.startsWith('Z') ? '' : command!,
    };
  });
}

function readProc(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended in between, or isn't ours to see
  }
}

function ps(...args: string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8' });
}
