import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { runToEnd } from './run-to-end';

/** Unpacks a package of npm into the folder, without what it depends on and without running anything of it. */
export async function unpackPackage(name: string, version: string, folder: string): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'order-vault-package-'));
  try {
    const packed = await runToEnd('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: place });
    const file = join(place, packed.trim().split('\n').at(-1)!);
    await runToEnd('tar', ['-xzf', file, '-C', folder, '--strip-components=1'], { cwd: place });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
