import { createHash } from 'node:crypto';
import { member, NotJson, parseJson, plainDecimal, type Json } from './json';
import { sourceTime } from './source-time';

export interface OrderLine {
  id: string;
  name: string;
  price: string;
  quantity: string;
}

/** One order version, times with six fraction digits, numbers as plain decimals. */
export interface Order {
  orderId: string;
  version: string;
  sentDttm: string;
  /** As received. */
  payloadText: string;
  userId: string;
  restaurantId: string;
  date: string;
  updateTs: string;
  cost: string;
  payment: string;
  bonusPayment: string;
  bonusGrant: string;
  finalStatus: string;
  statuses: { status: string; dttm: string }[];
  lines: OrderLine[];
}

export type Judgement =
  | { kind: 'order'; order: Order }
  | { kind: 'skipped'; objectType: string | null }
  | { kind: 'refused'; reason: string };

class Refusal extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

const MAX_INT64 = 9_223_372_036_854_775_807n;

/** What a message of the source is, from its bytes alone. */
export function judge(value: Buffer | null): Judgement {
  try {
    return judgeMessage(value);
  } catch (error) {
    if (error instanceof Refusal) {
      return { kind: 'refused', reason: error.reason };
    }
    throw error;
  }
}

function judgeMessage(value: Buffer | null): Judgement {
  if (!value || value.length === 0) {
    throw new Refusal('empty');
  }
  const message = readJson(value);
  const objectType = member(message, 'object_type');
  const payload = member(message, 'payload');
  if (objectType && objectType.type !== 'string' && objectType.type !== 'null') {
    throw new Refusal('invalid_message');
  }
  const type = objectType?.type === 'string' ? objectType.value : null;
  if (type !== 'order' || !payload || payload.type === 'null') {
    return { kind: 'skipped', objectType: type };
  }
  return { kind: 'order', order: readOrder(message, payload, value) };
}

function readJson(value: Buffer): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw new Refusal('not_utf8');
  }
  try {
    const { value: message, unstorable } = parseJson(text);
    if (unstorable) {
      throw new Refusal('invalid_text');
    }
    if (message.type !== 'object') {
      throw new Refusal('invalid_json');
    }
    return message;
  } catch (error) {
    throw error instanceof NotJson ? new Refusal('invalid_json') : error;
  }
}

function readOrder(message: Json, payload: Json, value: Buffer): Order {
  const sentDttm = time(member(message, 'sent_dttm'));
  const updateTs = time(member(payload, 'update_ts'));
  const finalStatus = status(member(payload, 'final_status'));
  const statuses = list(member(payload, 'statuses')).map((item) => ({
    status: status(member(item, 'status')),
    dttm: time(member(item, 'dttm')),
  }));
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 32);
  return {
    orderId: whole(member(message, 'object_id'), 0n),
    version: `${updateTs}|${sentDttm}|${digest}`,
    sentDttm,
    payloadText: payload.text,
    userId: key(member(member(payload, 'user'), 'id')),
    restaurantId: key(member(member(payload, 'restaurant'), 'id')),
    date: time(member(payload, 'date')),
    updateTs,
    cost: money(member(payload, 'cost')),
    payment: money(member(payload, 'payment')),
    bonusPayment: money(member(payload, 'bonus_payment')),
    bonusGrant: money(member(payload, 'bonus_grant')),
    finalStatus,
    statuses: statuses.length > 0 ? statuses : [{ status: finalStatus, dttm: updateTs }],
    lines: list(member(payload, 'order_items')).map((item) => ({
      id: key(member(item, 'id')),
      name: string(member(item, 'name')),
      price: money(member(item, 'price')),
      quantity: whole(member(item, 'quantity'), 1n),
    })),
  };
}

function string(json: Json | undefined): string {
  return json?.type === 'string' ? json.value : refuse();
}

function key(json: Json | undefined): string {
  return string(json) || refuse();
}

function list(json: Json | undefined): Json[] {
  return json?.type === 'list' ? json.items : refuse();
}

function time(json: Json | undefined): string {
  return sourceTime(string(json)) ?? refuse();
}

function status(json: Json | undefined): string {
  const known = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'];
  return known.includes(string(json)) ? string(json) : refuse();
}

function decimal(json: Json | undefined): string {
  return (json?.type === 'number' && plainDecimal(json.text)) || refuse();
}

function whole(json: Json | undefined, least: bigint): string {
  const text = decimal(json);
  const isWhole = !text.includes('.') && BigInt(text) >= least && BigInt(text) <= MAX_INT64;
  return isWhole ? text : refuse();
}

/** `numeric(19, 5)`: 14 digits before the point, 5 after it. */
function money(json: Json | undefined): string {
  const [before = '', after = ''] = decimal(json).split('.');
  return !before.startsWith('-') && before.length <= 14 && after.length <= 5 ? decimal(json) : refuse();
}

function refuse(): never {
  throw new Refusal('invalid_message');
}
