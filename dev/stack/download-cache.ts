import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './process-table';

/** A folder for what all stacks share. Its name contains the version, since what is there is never filled again. */
export function cacheFolder(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'order-vault', name);
}

/**
 * Fills the folder if it isn't there yet. It appears whole or not at all, also when several callers fill it at once:
 * each fills a draft of its own beside it, and the first to be done names it.
 */
export async function filledOnce(folder: string, fill: (draft: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) {
    return folder;
  }

  mkdirSync(dirname(folder), { recursive: true });
  removeDraftsOfTheDead(folder);
  const draft = mkdtempSync(`${folder}.draft-${process.pid}-`);
  try {
    await fill(draft);
    chmodSync(draft, 0o755); // a temporary folder is made for its owner alone
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) {
      throw error;
    }
  }
  return folder;
}

function removeDraftsOfTheDead(folder: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    const [, name, pid] = /^(.*)\.draft-(\d+)-/.exec(entry) ?? [];
    if (name !== basename(folder) || isRunning(Number(pid), '')) {
      continue;
    }
    rmSync(join(dirname(folder), entry), { recursive: true, force: true });
  }
}
