/** What is smaller comes as cheaply from the pool of Node, and is not kept. */
const LEAST_BYTES = 1_024;
/** So much is kept at most: about what two batches hold at a time. */
const KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Buffers that are written again and again. V8 counts the bytes of buffers that nobody uses any more until it has
 * looked through its whole heap, and looks through it sooner the more of them there are: for a service that reads and
 * writes a megabyte a batch, that was a third of its processor time.
 */
export class SpareBuffers {
  /** By the power of two that is their size. */
  private readonly spare: Buffer[][] = [];
  private readonly own = new WeakSet<ArrayBufferLike>();
  private kept = 0;

  /** A buffer of so many bytes at least, with any content. */
  take(size: number): Buffer {
    if (size < LEAST_BYTES) {
      return Buffer.allocUnsafe(size);
    }
    const power = powerOf(size);
    const spare = this.spare[power]?.pop();
    if (spare) {
      this.kept -= spare.length;
      return spare;
    }
    const buffer = Buffer.allocUnsafeSlow(2 ** power);
    this.own.add(buffer.buffer);
    return buffer;
  }

  /**
   * For the next; nothing may look at it any more.
   * @param part of a buffer that was taken here; others are left alone
   */
  give({ buffer: whole }: Buffer): void {
    if (this.own.has(whole) && this.kept + whole.byteLength <= KEPT_BYTES) {
      this.kept += whole.byteLength;
      (this.spare[powerOf(whole.byteLength)] ??= []).push(Buffer.from(whole));
    }
  }
}

function powerOf(size: number): number {
  return 32 - Math.clz32(size - 1);
}
