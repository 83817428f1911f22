import { expect, it } from 'vitest';
import { hadolint } from '../../dev/sandbox/deploy/deploy-tools';
import { runToEnd } from '../../dev/stack/run-to-end';

it('hadolint finds nothing in the Dockerfile', async () => {
  expect(await runToEnd(await hadolint(), ['--failure-threshold', 'style', 'Dockerfile'])).toBe('');
});

it('hadolint would find something', async () => {
  const lint = runToEnd(await hadolint(), ['--no-color', '-'], {
    input: 'FROM node\nUSER root\nRUN cd /tmp\n',
  });
  await expect(lint).rejects.toThrow(/DL3006.*DL3003|DL3003.*DL3006/s);
});
