import { Command, Option } from 'commander';
import { fillMetabase } from './bi/fill-metabase';
import type { Language } from './bi/charts';

interface Options {
  url: string;
  database: string;
  language: Language;
}

const command = new Command('metabase')
  .description(
    'Fills Metabase with the charts of dev/bi/charts.ts. METABASE_API_KEY: a key of a group that may do this',
  )
  .requiredOption('--url <url>', 'address of Metabase, e.g. http://localhost:3000')
  .requiredOption('--database <name>', 'name of the warehouse among the databases of Metabase')
  .addOption(new Option('--language <language>', 'of titles and columns').choices(['ru', 'en']).default('ru'))
  .action(async ({ url, database, language }: Options) => {
    const apiKey = process.env.METABASE_API_KEY;
    if (!apiKey) {
      throw new Error('METABASE_API_KEY is not set');
    }
    console.log(new URL(await fillMetabase({ url, apiKey }, database, language), url).href);
  });
await command.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
