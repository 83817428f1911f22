import type { PipelineWatch } from '../services/pipeline-watch';

/** What the history came to: rows of every table, what was set aside, speed, the most popular dishes, and tags. */
export async function printSummary(pipeline: PipelineWatch, seconds: number): Promise<void> {
  const [state, rows, deadLetters, dishes, tags] = [
    await pipeline.state(),
    await pipeline.rows(),
    await pipeline.deadLetters(),
    await pipeline.mostPopularDishes(10),
    await pipeline.tags(),
  ];
  const skipped = rows.find(({ table }) => table === 'skipped_messages')!.rows;
  console.log(
    `\n${count(state.cdm)} orders in ${seconds.toFixed(1)} s: ${count(Math.round(state.cdm / seconds))} a second.`,
  );
  console.log(
    `Skipped, no orders: ${count(skipped)}. Parked: ${count(state.parked)}. Dead letters: ${count(deadLetters)}.\n`,
  );
  for (const schema of ['stg', 'dds', 'cdm']) {
    console.log(`Rows in ${schema}:`);
    const filled = rows.filter((one) => one.schema === schema && one.rows > 0);
    for (const { table, rows: number } of filled) {
      console.log(`  ${table.padEnd(30)}${count(number).padStart(10)}`);
    }
  }
  console.log('\nThe ten most popular dishes, by distinct closed orders:');
  dishes.forEach(({ name, orders, users }, place) => {
    console.log(
      `  ${String(place + 1).padStart(2)}. ${name} — ${count(orders)} orders of ${count(users)} guests`,
    );
  });
  console.log('\nTags given by the rules of the demo:');
  for (const { tag, users } of tags) {
    console.log(`  ${tag.padEnd(30)}${count(users).padStart(10)} ${users === 1 ? 'guest' : 'guests'}`);
  }
  if (tags.length === 0) {
    console.log('  none: a guest needs 10 orders at least, and this history is too short for that');
  }
}

function count(number: number): string {
  return number.toLocaleString('en');
}
