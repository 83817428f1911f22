import { describe, expect, it } from 'vitest';
import type { BenchReport, CatchUp, Effort, ServiceEffort } from './bench-report';
import { compareReports } from './compare-reports';
import { figuresOf } from './figures';
import type { SpanCount } from './span-counter';

const service: ServiceEffort = {
  messages: 1_600,
  batches: 2,
  handleSeconds: 2,
  publishSeconds: 1,
  commitSeconds: 0.1,
  databaseSeconds: 1,
  garbageSeconds: 0.1,
  doneSeconds: 20,
  peakMemory: 200,
};

function effort(seconds: number): Effort {
  return { seconds, cpuSeconds: { postgres: 4 }, walBytes: 2_048_000, statements: [] };
}

function history(seconds: number, orders = 2_000): CatchUp {
  const services = { stg: service, dds: { ...service, peakMemory: 300 }, cdm: service };
  return {
    ...effort(seconds),
    cpuSeconds: { stg: 4, 'stg 2': 2, postgres: 4, 'this benchmark': 9 },
    startCpuSeconds: { stg: 2, 'stg 2': 1 },
    orders,
    messages: 3_200,
    node: '20.19.0',
    readySeconds: 1,
    services,
  };
}

function report(changes: Partial<BenchReport>, histories = [30]): BenchReport {
  const layers = { stg: 2, dds: 6, cdm: 2 };
  return {
    machine: {
      at: '2024-03-04T00:00:00.000Z',
      processor: 'Z80',
      cores: 2,
      memory: 8,
      system: 'linux',
      node: '20.19.0',
      kafka: '4.3.1',
      postgres: '18.4',
      load: 0,
    },
    runs: histories.map((seconds) => ({
      history: history(seconds),
      floor: { ...effort(10), layers, rows: 100 },
    })),
    ...changes,
  };
}

const valuesOf = (given: BenchReport) =>
  Object.fromEntries(figuresOf(given).map(({ name, value }) => [name, value]));

describe('figuresOf', () => {
  it('shows ratios, memory and costs of one run', () => {
    expect(valuesOf(report({}))).toEqual({
      'history / floor': 3,
      history: 30,
      floor: 10,
      'processor, history / floor': 2.5,
      'processor without start, history / floor': 1.75,
      'write-ahead log, history / floor': 1,
      'memory of stg': 200,
      'memory of dds': 300,
      'memory of cdm': 200,
      '1,000 orders of history: processor, stg': 3_000,
      '1,000 orders of history: processor without start, stg': 1_500,
      '1,000 orders of history: processor, postgres': 2_000,
      '1,000 orders of history: processor without start, postgres': 2_000,
      '1,000 orders of history: processor, together': 5_000,
      '1,000 orders of history: processor without start, together': 3_500,
      '1,000 orders of history: write-ahead log': 1_000,
      '1,000 orders of floor: processor, postgres': 2_000,
      '1,000 orders of floor: processor, together': 2_000,
      '1,000 orders of floor: write-ahead log': 1_000,
    });
  });

  it('shows the median and the least of several runs', () => {
    expect(valuesOf(report({}, [40, 20, 30]))).toMatchObject({
      'history / floor': 3,
      'history / floor, least': 2,
      history: 30,
    });
  });

  it('shows the median of what several runs cost: the last one may be an exception', () => {
    const given = report({}, [30, 30, 30]);
    const [, , last] = given.runs;
    last!.floor.cpuSeconds = { postgres: 8 };
    last!.floor.walBytes *= 2;
    expect(valuesOf(given)).toMatchObject({
      'processor, history / floor': 2.5,
      'processor without start, history / floor': 1.75,
      'write-ahead log, history / floor': 1,
    });
  });

  it('divides the second and the last history of the growth by the first', () => {
    const growth = [10, 11, 40, 12].map((seconds) => history(seconds));
    expect(valuesOf(report({ growth }))).toMatchObject({
      'second history / first': 1.1,
      'tenth history / first': 1.2,
    });
  });

  it('divides what more processes cost without their start by what one does', () => {
    const scaled = (replicas: number, postgres: number) => {
      const cpuSeconds = { stg: 4, postgres };
      return {
        ...history(10),
        cpuSeconds,
        startCpuSeconds: { stg: replicas / 2 },
        replicas,
        partitions: 24,
        lockSeconds: {},
        idle: {},
      };
    };
    expect(valuesOf(report({ scale: [scaled(1, 0.5), scaled(4, 4)] }))).toMatchObject({
      'processor at 4 processes / at 1': 1.5,
    });
  });

  it('divides the least with traces by the least without, of the services alone', () => {
    const traced = (seconds: number, stg: number, received?: SpanCount) => ({
      ...history(seconds),
      cpuSeconds: { stg, postgres: seconds },
      startCpuSeconds: { stg: 1 },
      received,
    });
    const received = { spans: 1, requests: 1, bytes: 1 };
    const traces = [traced(10, 5), traced(14, 6, received), traced(11, 7, received), traced(12, 6)];
    expect(valuesOf(report({ traces }))).toMatchObject({
      'history with traces / without': 1.1,
      'services, processor without start, with traces / without': 1.25,
      'services, processor with traces / without': 1.2,
    });
  });

  it('keeps the memory of a backlog apart', () => {
    const values = valuesOf(report({ backlog: history(100) }));
    expect(values).toMatchObject({ 'memory of dds': 300, 'memory of dds, backlog': 300 });
  });
});

describe('compareReports', () => {
  it('divides each figure by the earlier one', () => {
    const { figures, doubts } = compareReports(report({}, [15]), report({}));
    expect(figures.find(({ figure }) => figure.name === 'history')).toMatchObject({ before: 30, ratio: 0.5 });
    expect(figures.find(({ figure }) => figure.name === 'history / floor')).toMatchObject({
      before: 3,
      ratio: 0.5,
    });
    expect(doubts).toEqual([]);
  });

  it('leaves out what only one of them has', () => {
    const freshness = { orders: 1_200, p50: 20, p95: 40, p99: 60, max: 80 };
    const names = compareReports(report({ freshness }), report({})).figures.map(({ figure }) => figure.name);
    expect(names).not.toContain('freshness p50');
    expect(names).toContain('floor');
  });

  it('takes reports of releases that did not measure the start', () => {
    const earlier = report({});
    delete earlier.runs[0]!.history.startCpuSeconds;
    const names = compareReports(report({}), earlier).figures.map(({ figure }) => figure.name);
    expect(names).toContain('processor, history / floor');
    expect(names.filter((name) => name.includes('start'))).toEqual([]);
  });

  it('says what was not alike', () => {
    const earlier = report({});
    earlier.machine.node = '22.1.0';
    earlier.runs = [{ ...earlier.runs[0]!, history: history(30, 50_000) }];
    expect(compareReports(report({}), earlier).doubts).toEqual([
      'orders of the history: 2000 now, 50000 then',
      'Node.js: 20.19.0 now, 22.1.0 then',
    ]);
  });
});
