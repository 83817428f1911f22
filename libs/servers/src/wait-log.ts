const REPEAT_MS = 60_000;

/**
 * Which lines of something that waits are worth logging: a reason that is new, and once a minute the one that stays.
 */
export class WaitLog {
  private reason?: string;
  private loggedAt = 0;

  /** Whether the reason is to be logged now; who asks logs it. */
  isDue(reason: string): boolean {
    const now = performance.now();
    if (reason === this.reason && now - this.loggedAt < REPEAT_MS) {
      return false;
    }
    this.reason = reason;
    this.loggedAt = now;
    return true;
  }
}
