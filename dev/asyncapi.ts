import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asyncapiText } from './asyncapi/asyncapi-document';

const help = `npm run asyncapi [-- --check]

Writes docs/asyncapi.json, the description of all topics, anew from the contracts and the table of topics.

  --check    writes nothing, and fails where the file is out of date
`;
const file = new URL('../docs/asyncapi.json', import.meta.url);

try {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(help);
  } else if (!values.check) {
    writeFileSync(file, await asyncapiText());
  } else if (readFileSync(file, 'utf8') !== (await asyncapiText())) {
    throw new Error('docs/asyncapi.json is out of date: npm run asyncapi writes it anew.');
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
