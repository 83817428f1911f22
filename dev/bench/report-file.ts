import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stackFolder } from '../stack/stack-state';
import type { BenchReport } from './bench-report';

/** Writes the figures to a file, a new one unless it is named, and returns its name. */
export function writeReport(report: BenchReport, file = newFile(report)): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** @throws when the file is none that {@link writeReport} wrote */
export function readReport(file: string): BenchReport {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
    if (!Array.isArray(report.runs) || report.runs.length === 0) {
      throw new Error('it has no runs');
    }
    return report;
  } catch (error) {
    throw new Error(`--compare ${file} is no file of an earlier run: ${(error as Error).message}.`);
  }
}

function newFile({ machine }: BenchReport): string {
  return join(dirname(stackFolder('bench')), 'bench-results', `${machine.at.replaceAll(/[:.]/g, '-')}.json`);
}
