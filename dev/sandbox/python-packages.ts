import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cacheFolder, filledOnce } from '../stack/download-cache';
import { runToEnd } from '../stack/run-to-end';

/**
 * What a file of requirements lists, installed the first time. Python finds it there by `PYTHONPATH`.
 * @param name of the folder, to which a digest of the requirements is added
 * @throws where there is no Python with pip, or no registry
 */
export async function pythonPackages(name: string, requirements: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  return filledOnce(cacheFolder(`${name}-${digest}`), async (draft) => {
    const quietly = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location'];
    await runToEnd('python3', [
      '-m',
      'pip',
      'install',
      ...quietly,
      '--target',
      draft,
      '--requirement',
      requirements,
    ]);
  });
}
