import { migrate } from './migrate/migrate';

/** npm run migrate: brings the schemas at DATABASE_URL up to date. */
try {
  const applied = await migrate(process.env.DATABASE_URL);
  for (const name of applied) console.log(`${name}: applied`);
  if (applied.length === 0) console.log(`Nothing to do: all migrations are applied already.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
