import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestOf, newApiUser, readApiUsers } from './api-users';

const path = join(tmpdir(), `api-users-${process.pid}`);
const digest = 'a'.repeat(64);

function read(text: string) {
  writeFileSync(path, text);
  return [...readApiUsers(path)];
}

it('reads a user a line, beside comments and empty lines', () => {
  const other = 'b'.repeat(64);
  expect(read(`# marketing\n\nOlga:editor:sha256:${digest}\r\nИван Петров:viewer:sha256:${other}\n`)).toEqual(
    [
      [digest, { name: 'Olga', role: 'editor' }],
      [other, { name: 'Иван Петров', role: 'viewer' }],
    ],
  );
  expect(read('')).toEqual([]);
});

it.each([
  ['Olga', 'line 1: must be NAME:ROLE:sha256:DIGEST'],
  [`# a\nOlga:editor:${digest}`, 'line 2: must be NAME:ROLE:sha256:DIGEST'],
  [`:editor:sha256:${digest}`, 'line 1: must be NAME:ROLE:sha256:DIGEST'],
  [
    `Olga :editor:sha256:${digest}`,
    'line 1: the name must be 1 to 200 characters, without colons and without blanks around it, got "Olga "',
  ],
  [`Olga:admin:sha256:${digest}`, 'line 1: the role must be viewer, analyst, editor, operator, got "admin"'],
  [`Olga:editor:md5:${digest}`, 'line 1: the token must be sha256: and 64 digits of 0-9 and a-f'],
  [`Olga:editor:sha256:secret`, 'line 1: the token must be sha256: and 64 digits of 0-9 and a-f'],
  [
    `Olga:editor:sha256:${digest}\nOlga:viewer:sha256:${'c'.repeat(64)}`,
    'line 2: the name "Olga" is there already',
  ],
  [`Olga:editor:sha256:${digest}\nIvan:viewer:sha256:${digest}`, 'line 2: the token is that of "Olga"'],
])('refuses %j', (text, message) => {
  expect(() => read(text)).toThrow(new Error(message));
});

it('makes a line that lets the token in, and another token each time', () => {
  const [one, other] = [1, 2].map(() => newApiUser({ name: 'Olga', role: 'analyst' }));
  expect(read(one!.line)).toEqual([[digestOf(one!.token), { name: 'Olga', role: 'analyst' }]]);
  expect(one!.token).toMatch(/^[\w-]{43}$/);
  expect(one!.token).not.toBe(other!.token);
});
