import type pg from 'pg';
import type { ServiceName } from '../services/local-services';
import type { Floor } from './bench-report';
import { connect, secondDatabase, type BenchStack } from './bench-stack';
import { EffortMeter } from './effort-meter';
import type { PreparedFloor, PreparedTable } from './prepare-floor';
import { failOnOtherContents, readContents } from './table-contents';

/**
 * Writes prepared rows into a second database, and measures that alone.
 * @throws when they are not what the services wrote
 */
export async function writeFloor(
  stack: BenchStack,
  { batches, layers, contents }: PreparedFloor,
): Promise<Floor> {
  const database = await connect(await secondDatabase(stack));
  try {
    await stack.database.query('CHECKPOINT');
    const meter = await EffortMeter.start(stack);
    const seconds = {
      stg: await writeLayer(database, batches, layers.stg),
      dds: await writeLayer(database, batches, layers.dds),
      cdm: await writeLayer(database, batches, layers.cdm),
    } satisfies Record<ServiceName, number>;
    // Its connection is open: not every system says what an ended process took.
    const effort = await meter.read('floor');
    failOnOtherContents(await readContents(database), contents);
    const rows = Object.values(layers)
      .flat()
      .reduce((sum, table) => sum + table.rows, 0);
    return { ...effort, seconds: seconds.stg + seconds.dds + seconds.cdm, layers: seconds, rows };
  } finally {
    await database.end();
  }
}

async function writeLayer(client: pg.Client, batches: number, tables: PreparedTable[]): Promise<number> {
  const begun = performance.now();
  for (let batch = 0; batch < batches; batch++) {
    await client.query('BEGIN');
    for (const { name, statement, batches: arrays } of tables) {
      const values = arrays.get(batch);
      if (values) {
        await client.query({ name, text: statement, values });
      }
    }
    await client.query('COMMIT');
  }
  return (performance.now() - begun) / 1000;
}
