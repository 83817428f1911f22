import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledSources } from './bundled-sources';
import { buildServices } from '../services/build-services';
import { serviceNames } from '../services/local-services';
import type { BenchOptions } from './bench-options';
import type { BenchReport } from './bench-report';
import { compareReports } from './compare-reports';
import { describeMachine, type Machine } from './describe-machine';
import { measureTags } from './measure-tags';
import { measureTraces } from './measure-traces';
import { measureBacklog, measureGrowth, measureRun, measureScale } from './measure';
import { printComparison, printProfile, printReport } from './print-report';
import { profileShares, type CpuProfile } from './profile-shares';
import { readReport, writeReport } from './report-file';

/**
 * Measures what the options ask for, prints and writes the figures.
 * @throws when anything in the warehouse is not as the orders that were sent demand: then there are no figures
 */
export async function runBench(options: BenchOptions): Promise<void> {
  const earlier = options.compare === undefined ? undefined : readReport(options.compare);
  const machine = describeMachine();
  console.log('Building the services');
  await buildServices(options.profile === undefined ? undefined : 'dev/bench/rspack.config.mjs');
  const report = await withLogs((logs) => measureAll(options, machine, logs));
  printReport(report);
  if (options.profile !== undefined) {
    printProfile(readShares(options.profile));
  }
  if (earlier) {
    printComparison(compareReports(report, earlier), options.compare!);
  }
  console.log(`\nAll figures: ${writeReport(report, options.json)}`);
}

function readShares(folder: string) {
  return serviceNames.map((name) => {
    const profile = JSON.parse(readFileSync(join(folder, `${name}.cpuprofile`), 'utf8')) as CpuProfile;
    return profileShares(profile, bundledSources());
  });
}

async function measureAll(options: BenchOptions, machine: Machine, logs: string): Promise<BenchReport> {
  const report: BenchReport = { machine, runs: [] };
  for (let run = 1; run <= options.runs; run++) {
    const isLast = run === options.runs;
    console.log(`\nRun ${run} of ${options.runs}`);
    const { postgres, history, floor, freshness } = await measureRun(options.orders, {
      logs: join(logs, `run-${run}`),
      freshnessSeconds: isLast ? options.freshnessSeconds : 0,
      profileFolder: isLast ? options.profile : undefined,
    });
    machine.postgres = postgres;
    machine.node = history.node;
    report.runs.push({ history, floor });
    report.freshness = freshness;
  }
  if (options.growth) {
    console.log('\nGrowth');
    report.growth = await measureGrowth(options.growthOrders ?? options.orders, join(logs, 'growth'));
  }
  if (options.backlog !== undefined) {
    console.log('\nBacklog');
    report.backlog = await measureBacklog(options.backlog, join(logs, 'backlog'));
  }
  if (options.tags) {
    console.log('\nTags');
    report.tags = await measureTags(options.orders, join(logs, 'tags'));
  }
  if (options.traces) {
    console.log('\nTraces');
    report.traces = await measureTraces(options.orders, join(logs, 'traces'));
  }
  if (options.scale) {
    console.log('\nScale');
    report.scale = await measureScale(options.orders, join(logs, 'scale'));
  }
  return report;
}

/** Gives the work a folder for the logs of the services, which stays when something went wrong. */
async function withLogs<T>(work: (logs: string) => Promise<T>): Promise<T> {
  const logs = mkdtempSync(join(tmpdir(), 'order-vault-bench-'));
  try {
    const result = await work(logs);
    rmSync(logs, { recursive: true });
    return result;
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe logs of the services: ${logs}`);
  }
}
