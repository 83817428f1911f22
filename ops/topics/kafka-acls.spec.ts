import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kafkaRights } from './kafka-acls';

it('docs/security.md lists the rights in Kafka', () => {
  const listed = readFileSync('docs/security.md', 'utf8')
    .split('\n')
    .filter((line) => /\| (topic|group) +\|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
  expect(listed).toEqual(
    kafkaRights.map(({ user, kind, names, operations }) => [
      user,
      kind.toLowerCase(),
      names.join(', '),
      operations.join(', '),
    ]),
  );
});
