/** Sizes are powers of two; smaller ones are as cheap from Node's own pool. */
const LEAST_BYTES = 1_024;
/** So much is kept at most: about what two batches hold at a time. */
const KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Buffers that are written again and again. V8 counts the bytes of buffers that nobody uses any more until it has
 * looked through its whole heap, and looks through it sooner the more of them there are.
 */
export class SpareBuffers {
  /** By the power of two that is their size. */
  private readonly spare: Buffer[][] = [];
  private kept = 0;

  /** A buffer of so many bytes at least, with any content. */
  take(size: number): Buffer {
    const power = powerOf(Math.max(size, LEAST_BYTES));
    const spare = this.spare[power]?.pop();
    if (spare) {
      this.kept -= spare.length;
      return spare;
    }
    return Buffer.allocUnsafeSlow(2 ** power);
  }

  /** For the next; nothing may look at it any more. */
  give(buffer: Buffer): void {
    if (buffer.length > 0 && this.kept + buffer.length <= KEPT_BYTES) {
      this.kept += buffer.length;
      (this.spare[powerOf(buffer.length)] ??= []).push(buffer);
    }
  }
}

function powerOf(size: number): number {
  return 32 - Math.clz32(size - 1);
}
