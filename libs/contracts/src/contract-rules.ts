import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isBigint } from '@app/values/bigint';
import { decimalText } from '@app/values/exact-number';
import { canonicalTime } from '@app/values/source-time';

/** The statuses of an order at the source. */
export const orderStatuses = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** What may happen to a tag of a user. */
export const tagEventKinds = ['assigned', 'revoked'] as const;
export type TagEventKind = (typeof tagEventKinds)[number];

export const hashKeyForm = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}';
export const orderVersionForm = new RegExp(`^${time}\\|${time}\\|[0-9a-f]{32}$`);

/** A rule whose message completes the sentence "FIELD ...". */
function rule(
  name: string,
  must: string,
  holds: (value: unknown, args?: ValidationArguments) => boolean,
): () => PropertyDecorator {
  return () => ValidateBy({ name, validator: { validate: holds, defaultMessage: () => `must be ${must}` } });
}

function isWhole(value: unknown, least: 0 | 1): boolean {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return value >= least;
  }
  const text = decimalText(value);
  return isBigint(text) && BigInt(text) >= least;
}

export const IsText = rule('isText', 'a text', (value) => typeof value === 'string');
export const IsTextOrNull = rule(
  'isTextOrNull',
  'a text or null',
  (value) => value === null || typeof value === 'string',
);
export const IsKey = rule(
  'isKey',
  'a text that is not empty',
  (value) => typeof value === 'string' && value !== '',
);
export const IsOrderId = rule('isOrderId', 'a whole number of at most 64 bits, not negative', (value) =>
  isWhole(value, 0),
);
export const IsOrderCount = rule('isOrderCount', 'a whole number, not negative', (value) =>
  isWhole(value, 0),
);
export const IsQuantity = rule('isQuantity', 'a whole number from 1', (value) => isWhole(value, 1));
export const IsMoney = rule(
  'isMoney',
  'an amount, not negative, below 10^14 and with at most 5 decimals',
  (value) => /^\d{1,14}(\.\d{1,5})?$/.test(decimalText(value) ?? ''),
);
export const IsSourceTime = rule(
  'isSourceTime',
  'a time of the form YYYY-MM-DD HH:MM:SS',
  (value) => canonicalTime(value) !== undefined,
);
export const IsOrderStatus = rule('isOrderStatus', `one of ${orderStatuses.join(', ')}`, (value) =>
  (orderStatuses as readonly unknown[]).includes(value),
);
export const IsTagEventKind = rule('isTagEventKind', tagEventKinds.join(' or '), (value) =>
  (tagEventKinds as readonly unknown[]).includes(value),
);
export const IsHashKey = rule(
  'isHashKey',
  'a hash key',
  (value) => typeof value === 'string' && hashKeyForm.test(value),
);
export const IsOrderVersion = rule(
  'isOrderVersion',
  'an order version',
  (value) => typeof value === 'string' && orderVersionForm.test(value),
);
export const IsOrderType = rule('isOrderType', '"order"', (value) => value === 'order');
/** The orders that one message counts for a product or category: always one, however many lines it has. */
export const IsOneOrder = rule('isOneOrder', '1', (value) => decimalText(value) === '1');
/** For a record. */
export const IsByHashKey = rule(
  'isByHashKey',
  'an object whose members are named by hash keys',
  (value) => value instanceof Map && [...value.keys()].every((key) => hashKeyForm.test(key)),
);
/** For the products beside `categories`. */
export const IsUnderListedCategories = rule(
  'isUnderListedCategories',
  'products of categories that the order lists',
  (value, args) => {
    const { categories } = args!.object as { categories?: unknown };
    return (
      value instanceof Map &&
      categories instanceof Map &&
      [...value.values()].every((product: { category_id?: unknown }) => categories.has(product?.category_id))
    );
  },
);
