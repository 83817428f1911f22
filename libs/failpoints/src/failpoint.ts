/** The places at which a service of the test build can be made to die, and what has happened when it does. */
export const failpoints = {
  before_commit: 'A batch is written, and its transaction is still open.',
  after_commit: 'A batch is committed, and nothing of it is sent.',
  after_publish: 'What a batch sends to a topic is acknowledged, and its offset has not moved.',
  before_offset: 'A batch has nothing left to do but to move its offset.',
  after_offset: 'The offset of a batch has moved.',
  parked_after_release: 'Parked orders are released, and none of them is sent.',
  parked_after_publish: 'Released orders are acknowledged, and their rows are still there.',
  evaluation_before_commit:
    'A step of an evaluation of tag rules is written, and its transaction is still open.',
  evaluation_after_commit: 'A step of an evaluation of tag rules is committed.',
  tag_events_after_publish: 'Tag events are acknowledged, and not yet marked as published.',
  webhook_after_post: 'A receiver has taken events, and they are not yet noted as delivered.',
} as const;

export type Failpoint = keyof typeof failpoints;

declare global {
  /**
   * Whether this build has failpoints. Builds put true or false in its place (`rspack.config.mjs`), and what ships has
   * nothing of the code behind it.
   */
  var FAILPOINTS: boolean;
}
// Run from source, without a build.
globalThis.FAILPOINTS ??= false;

let passes = 0;

/**
 * Ends the process, as `kill -9` does, at the failpoint that the environment variable FAILPOINT names, when it is
 * reached for the time that FAILPOINT_PASS counts. Default: the first. To be called behind `FAILPOINTS &&`.
 */
export function failpoint(name: Failpoint): void {
  const { FAILPOINT, FAILPOINT_PASS = '1' } = process.env;
  if (name === FAILPOINT) {
    passes += 1;
    if (passes === Number(FAILPOINT_PASS)) {
      process.kill(process.pid, 'SIGKILL');
    }
  }
}
