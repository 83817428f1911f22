/** Why a message was refused. */
interface RefusalReason {
  /** A sentence of the docs. Markdown. */
  meaning: string;
  /** An operator reads what to do. Markdown. */
  remedy: string;
  /** The page of the dashboard shows it. */
  label: { en: string; ru: string };
}

/**
 * The closed list of reasons, by the code that the header `dlq.reason`, metrics and logs carry. Tables of the docs are
 * made from it (`npx tsx dev/refusal-reasons.ts`), and so are the texts of the dashboard. Plain data: the page of the
 * dashboard imports this file.
 */
export const refusalReasons = {
  empty: {
    meaning: 'The message has no value, or one of zero bytes.',
    remedy: 'Report place and time to the sender: nothing in the message names an order.',
    label: { en: 'empty message', ru: 'пустое сообщение' },
  },
  not_utf8: {
    meaning: 'The bytes of the value are not UTF-8.',
    remedy: 'The sender has to write the order as UTF-8 and send it again.',
    label: { en: 'not UTF-8', ru: 'не UTF-8' },
  },
  invalid_json: {
    meaning: 'The text is not JSON, is no JSON object, or is nested deeper than 500 levels.',
    remedy: 'The sender has to send the order again, as one JSON object.',
    label: { en: 'no valid JSON', ru: 'неверный JSON' },
  },
  invalid_text: {
    meaning: 'The text has a NUL character or a lone surrogate, which PostgreSQL cannot store.',
    remedy: 'The sender has to leave the character out and send the order again.',
    label: { en: 'characters that cannot be stored', ru: 'символы, которые нельзя сохранить' },
  },
  invalid_message: {
    meaning: 'A field is missing or breaks a rule of the contract; `dlq.message` names it.',
    remedy:
      'The sender has to correct the field and send the order again. Where the contract is wrong: correct it, then replay.',
    label: { en: 'a field is missing or wrong', ru: 'поле отсутствует или неверно' },
  },
  message_too_large: {
    meaning:
      'The message to be sent on is, uncompressed, larger than the next topic accepts; or the message has more than 500,000 members and elements.',
    remedy: 'Raise `max.message.bytes` of the next topic, then replay. Or the sender has to split the order.',
    label: { en: 'too large for the next topic', ru: 'слишком велико для следующего топика' },
  },
  order_owner_changed: {
    meaning: 'Another version of the order, which came first, names another user or restaurant.',
    remedy:
      'Ask the sender which user and restaurant are right. The version that came first stays; an order of another user or restaurant needs an id of its own.',
    label: { en: 'the order changed its user or restaurant', ru: 'у заказа сменился гость или ресторан' },
  },
  no_dictionary: {
    meaning:
      'An operator gave up waiting for a dictionary entry (`npm run parked`); no service gives this reason by itself.',
    remedy: 'When the entry has come after all: replay.',
    label: { en: 'given up: no dictionary entry', ru: 'больше не ждёт записи словаря' },
  },
  database_refused: {
    meaning: 'PostgreSQL refuses this message alone; `dlq.message` has its words.',
    remedy:
      'A defect of this software, or a constraint or trigger that was added to the tables: keep the dead letter, report it, and replay when it is mended.',
    label: { en: 'refused by the database', ru: 'отклонено базой данных' },
  },
  unreadable_batch: {
    meaning:
      'A whole record batch cannot be unpacked, or unpacks to more than 32 MiB. One dead letter without a value stands for all its messages; `dlq.message` has their offsets.',
    remedy:
      'Read the batch from its source topic with another client, and send its messages again one by one.',
    label: { en: 'a batch that cannot be unpacked', ru: 'пакет сообщений не распаковать' },
  },
  output_refused: {
    meaning:
      "The next topic takes the output of this message in no form; `dlq.message` has the broker's words.",
    remedy: 'Correct the settings of the next topic, then replay.',
    label: { en: 'not taken by the next topic', ru: 'следующий топик не принимает' },
  },
} as const satisfies Record<string, RefusalReason>;
