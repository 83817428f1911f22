import type { Command } from 'commander';
import { databasesOf, databaseVariables } from '../servers/databases';
import { hasReportReader, migrate } from './migrate';

export function migrateCommand(command: Command): void {
  command
    .description(
      'Brings the schemas of the warehouse up to date. It can be run at any time, and by several at once. Where layers ' +
        'have servers of their own, each server gets all schemas; those of other layers stay empty there.',
    )
    .addHelpText('after', `\nEnvironment: ${databaseVariables}.\nEach with the login that owns the schemas.`)
    .action(async () => {
      for (const { variable, url } of databasesOf(process.env)) {
        const place = variable === 'DATABASE_URL' ? '' : `${variable}: `;
        const applied = await migrate(url, variable);
        for (const name of applied) {
          console.log(`${place}${name}: applied`);
        }
        if (applied.length === 0) {
          console.log(`${place}Nothing to do: all migrations are applied already.`);
        }
        if (!(await hasReportReader(url!))) {
          console.log(
            `${place}The role report_reader is not there and could not be created: docs/dashboards.md says what an administrator does.`,
          );
        }
      }
    });
}
