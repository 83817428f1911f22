import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parsePs, parseStat, processTableOfOneMoment, treeCpuSeconds } from './process-table';

describe('parseStat', () => {
  it('reads a process whose name looks like the end of it, its ended children included', () => {
    const line =
      '4711 (a) S 1 (b) R 17 4711 4711 0 -1 4194560 1 2 3 4 150 50 1000 200 20 0 1 0 12345 1000000 500 18446744073709551615';
    expect(parseStat(line)).toEqual({ pid: 4711, parent: 17, cpuSeconds: 14 });
  });
});

describe('parsePs', () => {
  it('reads all forms of times, and no command of what has ended', () => {
    const output =
      '    1     0   0:12.50 Ss   /sbin/init -x\n   20     1 01:02:03 R+ node a b\n  300    20 2-00:00:01 Z (node)\n';
    expect(parsePs(output)).toEqual([
      { pid: 1, parent: 0, cpuSeconds: 12.5, command: '/sbin/init -x' },
      { pid: 20, parent: 1, cpuSeconds: 3_723, command: 'node a b' },
      { pid: 300, parent: 20, cpuSeconds: 172_801, command: '' },
    ]);
  });
});

describe('treeCpuSeconds', () => {
  const table = [
    { pid: 1, parent: 0, cpuSeconds: 100, command: 'x' },
    { pid: 2, parent: 1, cpuSeconds: 1, command: 'x' },
    { pid: 3, parent: 2, cpuSeconds: 2, command: 'x' },
    { pid: 4, parent: 3, cpuSeconds: 4, command: 'x' },
    { pid: 5, parent: 1, cpuSeconds: 50, command: 'x' },
  ];

  it('adds up a process and its descendants', () => expect(treeCpuSeconds(table, 2)).toBe(7));
  it('is nothing for a process that is gone', () => expect(treeCpuSeconds(table, 6)).toBe(0));
});

/** Long enough to meet processes that end while `/proc` is read: one look in some hundred does. */
const LOOK_MS = 5_000;

describe('processTableOfOneMoment', () => {
  // Elsewhere what an ended process took is not said.
  it.runIf(process.platform === 'linux')('never loses what a process took that ends meanwhile', async () => {
    const count = 'n=0; while [ $n -lt 15000 ]; do n=$((n+1)); done';
    const parent = spawn('sh', ['-c', `while :; do sh -c '${count}'; done`], { stdio: 'ignore' });
    try {
      const hundredths: number[] = [];
      for (const end = performance.now() + LOOK_MS; performance.now() < end;) {
        hundredths.push(Math.round(100 * treeCpuSeconds(processTableOfOneMoment(), parent.pid!)));
        await pause(0);
      }
      expect(hundredths.at(-1)).toBeGreaterThan(20);
      expect(hundredths).toEqual(hundredths.toSorted((a, b) => a - b));
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
