import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const publicFolder = '/var/tmp/order-vault';

/**
 * The folder itself where every account can reach it, otherwise one for it in /var/tmp. PostgreSQL refuses to run as
 * root, and the account it gets instead can enter neither /root nor a temporary folder of root's. Callers other than
 * root run PostgreSQL themselves: for them it is always the folder itself.
 */
export function reachableFolder(folder: string): string {
  if (process.getuid?.() !== 0) {
    return folder;
  }
  mkdirSync(dirname(folder), { recursive: true });
  if (everyoneEnters(dirname(folder))) {
    return folder;
  }

  mkdirSync(publicFolder, { recursive: true });
  if (statSync(publicFolder).uid !== 0) {
    throw new Error(`${publicFolder} doesn't belong to root: remove it.`);
  }
  chmodSync(publicFolder, 0o755); // whatever the umask is
  return join(
    publicFolder,
    `${basename(folder)}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`,
  );
}

function everyoneEnters(folder: string): boolean {
  const othersMayEnter = 0o001;
  if (!(statSync(folder).mode & othersMayEnter)) {
    return false;
  }
  return dirname(folder) === folder || everyoneEnters(dirname(folder));
}
