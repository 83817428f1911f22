import { createHash } from 'node:crypto';
import type { OrderMessage } from '../orders/order-message';
import { formatSourceTime, type SourceTime } from '../orders/source-time';

/** What was sent of a history of clean orders, and so what the warehouse has to hold. */
export class SentHistory {
  messages = 0;
  /** Lines of all versions. */
  lines = 0;
  /** Distinct dishes of each order, summed up. */
  dishes = 0;
  /** Statuses of each order, summed up. */
  statuses = 0;
  /** The newest version of each order by its id, orders in the order of arrival. */
  readonly newest = new Map<string, string>();

  /** @throws when the message is no order: there is nothing to compare then */
  add(message: OrderMessage): void {
    if (!('version' in message)) {
      throw new Error(`A history for the benchmark is clean, and this is ${message.reason}.`);
    }
    const { orderId, lines, statuses } = message.version;
    const id = String(orderId);
    const version = versionText(message.text, message.version);
    const known = this.newest.get(id);
    this.messages++;
    this.lines += lines.length;
    if (known === undefined) {
      this.dishes += new Set(lines.map(({ dish }) => dish.id)).size;
    }
    // Without disturbances a later version has all earlier statuses and one more.
    this.statuses += known === undefined ? statuses.length : 1;
    if (known === undefined || known < version) {
      this.newest.set(id, version);
    }
  }

  get orders(): number {
    return this.newest.size;
  }
}

/** As `order_version` is: the two times and the digest of the message, as one text that sorts. */
function versionText(text: string, version: { updatedAt: SourceTime; sentAt: SourceTime }): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const [updated, sent] = [version.updatedAt, version.sentAt].map(
    (time) => `${formatSourceTime(time)}.000000`,
  );
  return `${updated}|${sent}|${digest}`;
}
