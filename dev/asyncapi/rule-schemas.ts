import { LosslessNumber } from 'lossless-json';
import { hashKeyForm, orderStatuses, orderVersionForm, tagEventKinds } from '@app/contracts/contract-rules';
import { MAX_INT64 } from '@app/values/bigint';

/** A schema of JSON Schema draft 7, as AsyncAPI has it. */
export type Schema = { [keyword: string]: unknown };

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const maxInt64 = new LosslessNumber(String(MAX_INT64));

const days31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])';
const days30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)';
const days28 = '02-(?:0[1-9]|1\\d|2[0-8])';
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const day = `(?!0000)(?:\\d{4}-(?:${days31}|${days30}|${days28})|${leapYear}-02-29)`;
const timeOfDay = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?';

/** The rules of contracts as schemas, by the names that they have there. */
export const ruleSchemas: Record<string, { name: string; schema: Schema }> = {
  isText: { name: 'Text', schema: { type: 'string' } },
  isTextOrNull: { name: 'TextOrNull', schema: { type: ['string', 'null'] } },
  isKey: { name: 'Key', schema: { type: 'string', minLength: 1 } },
  isOrderId: { name: 'OrderId', schema: { type: 'integer', minimum: 0, maximum: maxInt64 } },
  isOrderCount: { name: 'OrderCount', schema: { type: 'integer', minimum: 0, maximum: maxInt64 } },
  isQuantity: { name: 'Quantity', schema: { type: 'integer', minimum: 1, maximum: maxInt64 } },
  isMoney: {
    name: 'Money',
    schema: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 100_000_000_000_000,
      multipleOf: 0.00001,
      $comment: 'multipleOf is meant by value: a validator that divides binary floats needs a tolerance',
    },
  },
  isSourceTime: { name: 'SourceTime', schema: { type: 'string', pattern: `^${day}[ T]${timeOfDay}$` } },
  isOrderStatus: { name: 'OrderStatus', schema: { type: 'string', enum: orderStatuses } },
  isHashKey: { name: 'HashKey', schema: { type: 'string', pattern: hashKeyForm.source } },
  isOrderVersion: { name: 'OrderVersion', schema: { type: 'string', pattern: orderVersionForm.source } },
  isOrderType: { name: 'OrderType', schema: { type: 'string', const: 'order' } },
  isOneOrder: { name: 'OneOrder', schema: { type: 'integer', const: 1 } },
  isByHashKey: { name: 'ByHashKey', schema: { type: 'object', propertyNames: ref('HashKey') } },
  // What a schema cannot express: here its words alone.
  isUnderListedCategories: { name: 'UnderListedCategories', schema: {} },
  isTagEventKind: { name: 'TagEventKind', schema: { type: 'string', enum: tagEventKinds } },
  isIso8601: {
    name: 'UtcTime',
    schema: {
      type: 'string',
      format: 'date-time',
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
    },
  },
};
