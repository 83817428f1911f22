import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_DEPTH } from '@app/contracts/parse-message';
import { refusalReasons } from '@app/contracts/refusal-reasons';
import { MOST_UNPACKED_BYTES } from '@app/kafka/kafkajs-fetch';
import { formatPage } from '../data-model/format-page';
import { fillReasons } from './fill-reasons';

it.each([
  ['architecture', 'meaning'],
  ['operations', 'remedy'],
] as const)(
  'docs/%s.md has the %s of each reason (npx tsx dev/refusal-reasons.ts writes it)',
  async (name, member) => {
    const page = readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
    expect(page).toBe(await formatPage(fillReasons(page)));
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const [code, reason] of Object.entries(refusalReasons)) {
      expect(rows).toContainEqual(['', `\`${code}\``, reason[member], '']);
    }
  },
);

it('names the limits that the code has', () => {
  expect(refusalReasons.invalid_json.meaning).toContain(`${MAX_DEPTH} levels`);
  expect(refusalReasons.unreadable_batch.meaning).toContain(`${MOST_UNPACKED_BYTES / 2 ** 20} MiB`);
});
