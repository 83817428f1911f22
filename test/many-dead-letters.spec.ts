import { expect, it } from 'vitest';
import { usePipeline } from './harness/use-pipeline';

/*
 * A topic with very many dead letters does not stop the API: a question reads a part, says how much is left, and goes
 * on when it is asked. LONG=1: 100,000 of them.
 */
const LETTERS = process.env.LONG ? 100_000 : 30_000;
const token = 'secret-of-the-test';
const pipeline = usePipeline({ partitions: 2, variables: { cdm: { API_TOKEN: token } } });

interface Page {
  letters: { order_id: string | null }[];
  next: string | null;
  held: number;
  left: number;
}

async function list(query: string): Promise<Page> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${pipeline.service('cdm').url}/api/v1/dead-letters?${query}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

it('many dead letters are listed by their ends, and looked through part by part', async () => {
  const value = (id: number) => `{"object_id": ${id}, "note": "${'x'.repeat(1_000)}"}`;
  await pipeline.topics.send(
    'stg-service-dlq',
    Array.from({ length: LETTERS }, (_, id) => ({
      value: value(id),
      partition: id % 2,
      headers: {
        'dlq.reason': 'invalid_message',
        'dlq.message': 'payload is missing',
        'dlq.topic': pipeline.topics.name('order-service_orders'),
        'dlq.partition': '0',
        'dlq.offset': String(id),
        'dlq.timestamp': new Date(Date.UTC(2024, 0, 1) + id * 1_000).toISOString(),
        'dlq.service': 'stg',
      },
    })),
  );
  // stg has to have said which topic is its.
  await expect.poll(async () => (await list('limit=1')).held).toBe(LETTERS);
  const first = await list('limit=3');
  expect(first.letters.map(({ order_id: id }) => Number(id))).toEqual([
    LETTERS - 1,
    LETTERS - 2,
    LETTERS - 3,
  ]);
  expect(first).toMatchObject({ held: LETTERS, left: LETTERS - 3 });

  let looks = 0;
  const found: (string | null)[] = [];
  for (let page = await list('object_id=17'); ; page = await list(`object_id=17&cursor=${page.next}`)) {
    looks += 1;
    found.push(...page.letters.map(({ order_id: id }) => id));
    if (page.next === null) {
      break;
    }
    expect(page.left).toBeGreaterThan(0);
  }
  expect(found).toEqual(['17']);
  expect(looks).toBeGreaterThan(1);
});
