import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

/** Writes a file for `API_USERS`: for each role a user, "Olga the ROLE", with this token. */
export async function writeApiUsers(file: string, tokens: Record<string, string>): Promise<void> {
  const lines = Object.entries(tokens).map(
    ([role, token]) => `Olga the ${role}:${role}:sha256:${createHash('sha256').update(token).digest('hex')}`,
  );
  await writeFile(file, `${lines.join('\n')}\n`);
}
