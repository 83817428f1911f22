import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { runCommand } from '../../ops/command/run-command';
import { buildImage } from './image/build-image';
import { checkBill } from './image/check-bill';
import { checkRun } from './image/check-run';
import { checkSize } from './image/check-size';

await runCommand(
  new Command('npm run image:check --')
    .description(
      'Performs the steps of the Dockerfile in an empty folder, without a Docker engine; checks that what the image would hold ' +
        'is small enough and that its bill of materials is whole; then migrates, creates topics and runs the three services on local ' +
        'servers with nothing but that, as process 1 of another account that can write nothing, where this machine lets it.',
    )
    .option('--keep', 'leaves the folder, and says where it is')
    .action(async ({ keep }: { keep?: true }) => {
      const folder = mkdtempSync(join(tmpdir(), 'order-vault-image-'));
      try {
        const image = await buildImage(folder, console.log);
        checkSize(image, console.log);
        checkBill(image, console.log);
        await checkRun(image, console.log);
        if (keep) {
          console.log(`What the image would hold: ${image.root}`);
        }
      } finally {
        if (!keep) {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    }),
);
