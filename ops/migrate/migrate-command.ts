import type { Command } from 'commander';
import { hasReportReader, migrate } from './migrate';

export function migrateCommand(command: Command): void {
  command
    .description(
      'Brings the schemas of the warehouse up to date. It can be run at any time, and by several at once.',
    )
    .addHelpText('after', '\nEnvironment: DATABASE_URL, with the login that owns the schemas.')
    .action(async () => {
      const { DATABASE_URL } = process.env;
      const applied = await migrate(DATABASE_URL);
      for (const name of applied) {
        console.log(`${name}: applied`);
      }
      if (applied.length === 0) {
        console.log('Nothing to do: all migrations are applied already.');
      }
      if (!(await hasReportReader(DATABASE_URL!))) {
        console.log(
          'The role report_reader is not there and could not be created: docs/dashboards.md says what an administrator does.',
        );
      }
    });
}
