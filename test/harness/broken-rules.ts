const ENVELOPE = ['object_id', 'object_type', 'sent_dttm', 'payload'];
const PAYLOAD = [
  'restaurant',
  'date',
  'user',
  'order_items',
  'bonus_payment',
  'cost',
  'payment',
  'bonus_grant',
  'statuses',
  'final_status',
  'update_ts',
];
const STATUSES = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'];

/** For tests: the rules of a source order that a message breaks. Shares no code with what writes or reads orders. */
export function brokenRules(text: string): string[] {
  const { object_type: type, sent_dttm: sentAt, payload } = JSON.parse(text);
  const { order_items: items, statuses } = payload;
  const rules: [string, boolean][] = [
    ['the fields of the envelope', sameList(Object.keys(JSON.parse(text)), ENVELOPE)],
    ['the fields of the payload', sameList(Object.keys(payload), PAYLOAD)],
    ['object_id is a whole number', /^\{"object_id":\d{1,19},/.test(text)],
    ['object_type', type === 'order'],
    ['ids', [payload.user.id, payload.restaurant.id].every((id) => /^[0-9a-f]{24}$/.test(id))],
    ['times', [sentAt, payload.date, payload.update_ts].every(isTime)],
    ['final_status', STATUSES.includes(payload.final_status)],
    ['1 to 5 lines', items.length >= 1 && items.length <= 5],
    ['lines', items.every(isLine)],
    ['cost is the sum of the lines', isClose(payload.cost, sumOf(items))],
    ['payment and bonus make the cost', isClose(payload.payment + payload.bonus_payment, payload.cost)],
    ['money', [payload.cost, payload.payment, payload.bonus_payment, payload.bonus_grant].every(isMoney)],
    ['statuses', statuses.length > 0 && statuses.every(isStatus)],
    ['statuses are newest first', statuses.every(isBeforePrevious)],
    ['the first status was OPEN', statuses.at(-1).status === 'OPEN'],
    ['final_status is the newest status', payload.final_status === statuses[0].status],
    ['date is the newest status’ moment', payload.date === statuses[0].dttm],
    ['update_ts is not before the newest status', payload.update_ts >= statuses[0].dttm],
    ['sent_dttm is not before update_ts', sentAt >= payload.update_ts],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

interface Line {
  id: string;
  name: string;
  price: number;
  quantity: number;
}

interface Status {
  status: string;
  dttm: string;
}

function isLine(line: Line): boolean {
  const { id, name, price, quantity } = line;
  const isQuantity = Number.isInteger(quantity) && quantity >= 1 && quantity <= 5;
  return (
    sameList(Object.keys(line), ['id', 'name', 'price', 'quantity']) &&
    /^[0-9a-f]{24}$/.test(id) &&
    name !== '' &&
    isMoney(price) &&
    isQuantity
  );
}

function isStatus(status: Status): boolean {
  return (
    sameList(Object.keys(status), ['status', 'dttm']) &&
    STATUSES.includes(status.status) &&
    isTime(status.dttm)
  );
}

function isBeforePrevious({ dttm }: Status, index: number, statuses: Status[]): boolean {
  return index === 0 || dttm < statuses[index - 1]!.dttm;
}

function isTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`))
  );
}

function isMoney(amount: number): boolean {
  return /^\d+(\.\d{1,2})?$/.test(String(amount));
}

function sumOf(lines: Line[]): number {
  return lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}

/** Within a tenth of a kopeck: the test adds binary floats. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.001;
}

function sameList(list: string[], expected: string[]): boolean {
  return list.join() === expected.join();
}
