import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage } from './image/build-image';
import { checkSize } from './image/check-size';
import { checkRun } from './image/check-run';

const help = `npm run image:check [-- --keep]

Performs the steps of the Dockerfile in an empty folder, without a Docker engine; checks that what the image would hold is small
enough; then migrates, creates topics and runs the three services on local servers with nothing but that, as process 1 of another
account that can write nothing, where this machine lets it.

  --keep    leaves the folder, and says where it is
`;

const folder = mkdtempSync(join(tmpdir(), 'order-vault-image-'));
let keep = false;
try {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  keep = values.keep;
  if (values.help) {
    console.log(help);
  } else {
    const image = await buildImage(folder, console.log);
    checkSize(image, console.log);
    await checkRun(image, console.log);
    if (keep) {
      console.log(`What the image would hold: ${image.root}`);
    }
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  if (!keep) {
    rmSync(folder, { recursive: true, force: true });
  }
}
