import { hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { roles, type Role } from '@app/contracts/api-roles';

export interface ApiUser {
  name: string;
  role: Role;
}

/** Users by the digest of their token. */
export type ApiUsers = ReadonlyMap<string, ApiUser>;

const LINE = /^([^:]+):([^:]*):([^:]*):(.*)$/;
const DIGEST = /^[0-9a-f]{64}$/;
const MOST_CHARACTERS = 200;
/** Nobody guesses so many, so a digest without salt and repetition is enough. */
const TOKEN_BYTES = 32;

/**
 * Reads the file that `API_USERS` names: `NAME:ROLE:sha256:DIGEST` a line, beside empty lines and those that begin with
 * `#`.
 * @throws Error with the first line that is wrong, and what it must be; a digest is not repeated
 */
export function readApiUsers(path: string): ApiUsers {
  const users = new Map<string, ApiUser>();
  const names = new Set<string>();
  for (const [place, text] of readFileSync(path, 'utf8').split(/\r?\n/).entries()) {
    const line = text.trim();
    if (line !== '' && !line.startsWith('#')) {
      const wrong = (problem: string) => new Error(`line ${place + 1}: ${problem}`);
      const { user, digest } = parseLine(line, wrong);
      if (names.has(user.name)) {
        throw wrong(`the name ${JSON.stringify(user.name)} is there already`);
      }
      if (users.has(digest)) {
        throw wrong(`the token is that of ${JSON.stringify(users.get(digest)!.name)}`);
      }
      names.add(user.name);
      users.set(digest, user);
    }
  }
  return users;
}

function parseLine(line: string, wrong: (problem: string) => Error): { user: ApiUser; digest: string } {
  const [, name = '', role = '', algorithm, digest = ''] = LINE.exec(line) ?? [];
  if (algorithm === undefined) {
    throw wrong('must be NAME:ROLE:sha256:DIGEST');
  }
  const problem = nameProblem(name);
  if (problem) {
    throw wrong(problem);
  }
  if (!isRole(role)) {
    throw wrong(`the role must be ${roles.join(', ')}, got ${JSON.stringify(role)}`);
  }
  if (algorithm !== 'sha256' || !DIGEST.test(digest)) {
    throw wrong('the token must be sha256: and 64 digits of 0-9 and a-f');
  }
  return { user: { name, role }, digest };
}

function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** @returns what is wrong with the name of a user, if anything is */
export function nameProblem(name: string): string | undefined {
  return name.trim() === name &&
    name !== '' &&
    !/[:\p{Cc}]/u.test(name) &&
    [...name].length <= MOST_CHARACTERS
    ? undefined
    : `the name must be 1 to ${MOST_CHARACTERS} characters, without colons and without blanks around it, got ${JSON.stringify(name)}`;
}

/** @param token as Node reads headers, a character a byte */
export function digestOf(token: string): string {
  return hash('sha256', Buffer.from(token, 'latin1'), 'hex');
}

/** A new user: the line of the file, and the token, which is kept nowhere. */
export function newApiUser({ name, role }: ApiUser): { line: string; token: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { line: `${name}:${role}:sha256:${digestOf(token)}`, token };
}
