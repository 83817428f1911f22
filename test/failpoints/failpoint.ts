/** Where a service of the test build can be made to die, as `kill -9` would. */
export type Failpoint =
  | 'before_commit'
  | 'after_commit'
  | 'after_publish'
  | 'before_offset'
  | 'after_offset'
  /** In a job that publishes parked orders or tag events: the messages are acknowledged, their rows still unmarked. */
  | 'job_after_publish';

let passes = 0;

/** Ends the process at the point that the environment names, at the pass that it names (the first unless told). */
export function failpoint(name: Failpoint): void {
  const { FAILPOINT, FAILPOINT_PASS = '1' } = process.env;
  if (name === FAILPOINT) {
    passes += 1;
    if (passes === Number(FAILPOINT_PASS)) {
      process.kill(process.pid, 'SIGKILL');
    }
  }
}
