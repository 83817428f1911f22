import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { runCommand } from '../ops/command/run-command';
import { makeDictionary } from './orders/dictionary';
import { liveOrders } from './orders/live-orders';
import { orderHistory } from './orders/order-history';
import { listLine } from './orders/order-list';
import { addOrderOptions, repeatableOptions, sourceNow, type OrderOptions } from './orders/order-options';
import { openDictionary, openOrderSource } from './orders/order-source';
import { ownLines } from './orders/own-lines';
import { SendingProgress } from './orders/sending-progress';
import { sendDictionary, sendHistory, sendLive, type SendOptions } from './orders/send-orders';
import { writeEntries } from './orders/write-entries';

/** Where ids begin in a topic that is still empty: some below eleven million, most above. */
const FIRST_OBJECT_ID = 10_999_500;

await runCommand(
  addOrderOptions(new Command('npm run orders --')).action((options: OrderOptions) => {
    if (options.file !== undefined) {
      return sendFile(options.file);
    }
    return options.dictionaryOnly ? fillDictionary(options) : sendOrders(options);
  }),
);

async function sendFile(file: string): Promise<void> {
  const { entries, messages } = ownLines(await readFile(file, 'utf8'));
  const source = await openOrderSource(process.env, entries.length > 0);
  try {
    if (source.redis) {
      await writeEntries(source.redis, entries);
    }
    await source.producer.send({ topic: source.topic, messages: messages.map((value) => ({ value })) });
    console.log(`${entries.length} dictionary entries, ${messages.length} messages`);
  } finally {
    await source.close();
  }
}

async function fillDictionary(options: OrderOptions): Promise<void> {
  const redis = await openDictionary(process.env);
  try {
    console.log(`${await sendDictionary(redis, makeDictionary(options))} dictionary entries`);
  } finally {
    redis.close();
  }
}

async function sendOrders(options: OrderOptions): Promise<void> {
  const { orders, rate, noise, list } = options;
  const end = options.end ?? sourceNow(process.env.SOURCE_TIME_ZONE || undefined);
  const clock = { source: end, machine: Date.now() };
  const source = await openOrderSource(process.env, options.dictionary);
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort()).once('SIGTERM', () => interruption.abort());
  const { signal } = interruption;
  try {
    if (list !== undefined) {
      await writeFile(list, '');
    }
    const dictionary = makeDictionary(options);
    if (source.redis) {
      console.log(`${await sendDictionary(source.redis, dictionary)} dictionary entries`);
    }

    // Every order has had a message, so ids counted on from all messages are new.
    const firstOrderId = options.firstId ?? FIRST_OBJECT_ID + source.messagesEver;
    console.log(`to send the same again: npm run orders -- ${repeatableOptions(options, end, firstOrderId)}`);
    // Without Redis nobody can come late to it.
    const { history, live } = source.redis && noise ? dictionary.latecomers : { history: [], live: [] };
    const made = { dictionary, seed: options.seed, isClean: !noise };

    if (orders > 0) {
      const messages = orderHistory({ ...made, orders, end, firstOrderId, latecomers: history });
      await report('history', (sending) => sendHistory(source, messages, sending));
    }
    if (rate > 0 && !signal.aborted) {
      const messages = liveOrders({
        ...made,
        ordersPerMinute: rate,
        orders: options.live,
        start: end,
        firstOrderId: firstOrderId + orders,
        latecomers: live,
      });
      await report('live', (sending) => sendLive(source, messages, { ...sending, clock }));
    }
  } finally {
    await source.close();
  }

  async function report(stream: string, sending: (options: SendOptions) => Promise<unknown>): Promise<void> {
    const progress = new SendingProgress(stream);
    try {
      await sending({
        signal,
        onSent: async (counts, batch) => {
          progress.show(counts);
          if (list === undefined) {
            return;
          }
          await appendFile(list, batch.map((message) => `${listLine(message)}\n`).join(''));
        },
      });
    } finally {
      progress.end(signal.aborted);
    }
  }
}
