import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, inject } from 'vitest';
import { ConsumerLag } from '@app/kafka/consumer-lag';
import { kafkaClient } from '@app/kafka/kafka-client';
import { latestLocalTime } from '@app/values/local-time';
import { Warehouse } from '@app/warehouse/warehouse';
import { Auditor } from '../../apps/cdm/src/audit/auditor';
import type { Pipeline } from '../harness/pipeline';

export interface Finding {
  table: string;
  key: Record<string, string>;
  column: string;
  against: string;
  expected: string | null;
  found: string | null;
}

/** An auditor of the pipeline that does not pause, as the job of cdm has one that does. */
export class TestAuditor {
  private readonly warehouses: Warehouse[] = [];
  private readonly broker: ConsumerLag;
  private readonly auditor: Auditor;

  constructor(private readonly pipeline: Pipeline) {
    const { stg, dds, cdm } = pipeline.databases;
    const warehouse = this.open(cdm.loginUrls.cdm);
    const others = new Map(
      Object.entries({ stg, dds })
        .filter(([, database]) => database !== cdm)
        .map(([name, database]) => [name, this.open(database.loginUrls.cdm)]),
    );
    this.broker = new ConsumerLag(kafkaClient('auditor', { KAFKA_BROKERS: inject('stack').KAFKA_BROKERS }));
    this.auditor = new Auditor(warehouse, others, this.broker, () => latestLocalTime(new Date(), 'UTC'), 0);
  }

  private open(url: string): Warehouse {
    const warehouse = new Warehouse(url, 'test auditor', 1);
    this.warehouses.push(warehouse);
    return warehouse;
  }

  /** Looks at everything once, and again at what may be on its way. @returns how many rows were checked, by round */
  async wholeRound(): Promise<Record<string, number>> {
    const { database } = this.pipeline;
    const [{ begun } = { begun: '' }] = await database.rows<{ begun: string }>(
      'SELECT clock_timestamp()::text AS begun',
    );
    await database.rows(`UPDATE cdm.audit_rounds SET last_key = NULL, began_at = NULL`);
    for (;;) {
      await database.rows(
        `UPDATE cdm.audit_rounds SET due_at = CASE WHEN covered_since > $1 THEN 'infinity' ELSE '-infinity' END::timestamptz`,
        [begun],
      );
      await this.auditor.lookAtDue();
      const rows = await database.rows<{ what: string; covered: number; isOver: boolean }>(
        `SELECT what, covered::float8 AS covered, coalesce(covered_since > $1, false) AS "isOver" FROM cdm.audit_rounds`,
        [begun],
      );
      if (rows.length > 0 && rows.every(({ isOver }) => isOver)) {
        await this.auditor.lookAgain();
        return Object.fromEntries(rows.map(({ what, covered }) => [what, covered]));
      }
    }
  }

  /** What is wrong by what is known now. */
  findings(): Promise<Finding[]> {
    return this.pipeline.database.rows<Finding>(`
      SELECT table_name AS table, row_key AS key, column_name AS column, against, expected, found
      FROM cdm.audit_findings WHERE closed_at IS NULL ORDER BY id`);
  }

  async close(): Promise<void> {
    await this.broker.onApplicationShutdown();
    await Promise.all(this.warehouses.map((warehouse) => warehouse.onApplicationShutdown()));
  }
}

/** One for the tests of a file. To be called after what makes the pipeline. */
export function useAuditor(pipeline: Pipeline): { readonly auditor: TestAuditor } {
  let auditor: TestAuditor;
  beforeAll(() => {
    Logger.overrideLogger(['fatal']);
    auditor = new TestAuditor(pipeline);
  });
  afterAll(async () => {
    Logger.overrideLogger(true);
    await auditor.close();
  });
  return {
    get auditor() {
      return auditor;
    },
  };
}
