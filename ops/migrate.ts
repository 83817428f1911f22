import { hasReportReader, migrate } from './migrate/migrate';

/** npm run migrate: brings the schemas at DATABASE_URL up to date. */

// Process 1 of a container ignores a signal that nobody listens to. What is not done yet is done by the next run.
process.once('SIGTERM', () => process.exit(143));

try {
  const { DATABASE_URL } = process.env;
  const applied = await migrate(DATABASE_URL);
  for (const name of applied) {
    console.log(`${name}: applied`);
  }
  if (applied.length === 0) {
    console.log(`Nothing to do: all migrations are applied already.`);
  }
  if (!(await hasReportReader(DATABASE_URL!))) {
    console.log(
      `The role report_reader is not there and could not be created: docs/dashboards.md says what an administrator does.`,
    );
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
