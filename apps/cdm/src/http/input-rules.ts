import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { isBigint } from '@app/values/bigint';
import { canonicalTime } from '@app/values/source-time';

/** A rule whose message completes the sentence "FIELD ...". */
function rule(name: string, must: string, holds: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: holds, defaultMessage: () => `must be ${must}` } });
}

/** What is wrong with a field of the input, by its path. */
export interface FieldFault {
  field: string;
  message: string;
}

/** Gets a value and its path. */
export type FaultsOf = (value: unknown, field: string) => FieldFault[];

/**
 * A value with parts, in which a function of its own finds what is wrong. A promise, since class-validator hands on the
 * context of no other answer.
 */
export const HasNoFaults = (faultsOf: FaultsOf): PropertyDecorator =>
  ValidateBy(
    {
      name: 'hasNoFaults',
      validator: { validate: (value) => Promise.resolve(faultsOf(value, '').length === 0) },
    },
    { context: { faultsOf } },
  );

export const IsLine = (most: number) =>
  rule('isLine', `a text of 1 to ${most} characters, not blank, without NUL or lone surrogates`, (value) =>
    isLine(value, most),
  );

/** A text that shows something and that PostgreSQL can store, of at most so many characters. */
export function isLine(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.isWellFormed() &&
    !value.includes('\0') &&
    [...value].length <= most
  );
}

/** A list of so many texts, none twice, each as {@link IsLine} takes it. */
export const AreDifferentLines = (least: number, most: number, mostCharacters: number) =>
  rule(
    'areDifferentLines',
    `${least} to ${most} different texts of 1 to ${mostCharacters} characters, none blank`,
    (value) =>
      Array.isArray(value) &&
      value.length >= least &&
      value.length <= most &&
      new Set(value).size === value.length &&
      value.every((one) => isLine(one, mostCharacters)),
  );

export const IsWhole = (least: number, most: number) =>
  rule('isWhole', `a whole number from ${least} to ${most}`, (value) => isWhole(value, least, most));

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

export const IsFlag = () => rule('isFlag', 'true or false', (value) => typeof value === 'boolean');

export const IsOneOf = (...values: string[]) =>
  rule('isOneOf', values.join(' or '), (value) => typeof value === 'string' && values.includes(value));

/** A time of the source, or a day, which stands for its begin; PostgreSQL reads both. */
export const IsSourceTime = () =>
  rule(
    'isSourceTime',
    'a day YYYY-MM-DD, or a time YYYY-MM-DD HH:MM:SS without a zone',
    (value) =>
      canonicalTime(value) !== undefined ||
      (typeof value === 'string' && canonicalTime(`${value} 00:00:00`) !== undefined),
  );

/** A moment that is over, by the clock of this service: what will be known later nobody can say. */
export const IsPastMoment = () =>
  rule(
    'isPastMoment',
    'a time YYYY-MM-DDTHH:MM:SS with a zone, Z or +HH:MM, that is not in the future',
    (value) => isMoment(value) && new Date(value) <= new Date(),
  );

/** As ISO 8601 writes a time with a zone, of a day of the calendar. PostgreSQL knows zones up to 15:59 alone. */
export function isMoment(value: unknown): value is string {
  const [, time] =
    (typeof value === 'string' && /^(.{19}(?:\.\d{1,6})?)(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/.exec(value)) ||
    [];
  return (
    time !== undefined && canonicalTime(time) !== undefined && !Number.isNaN(Date.parse(value as string))
  );
}

/** Where a page of orders ended: the time and the id of its last order. */
export const IsOrderCursor = () =>
  rule('isOrderCursor', 'the next of a page before', (value) => {
    const [, time, id] = typeof value === 'string' ? (/^(.{19,26})\|(\d+)$/.exec(value) ?? []) : [];
    return isBigint(id) && canonicalTime(time) !== undefined;
  });

/** The id of an order, a bigint, as a text. */
export const IsOrderId = () =>
  rule('isOrderId', 'the id of an order, a whole number of at most 64 bits', isBigint);

/** The offset of a message, a bigint, as a text. */
export const IsOffset = () => rule('isOffset', 'an offset, a whole number of at most 64 bits', isBigint);

/** What an order lacks, by its kind, and perhaps its id. */
export const IsMissing = () =>
  rule(
    'isMissing',
    'user, restaurant or dish, perhaps with an id as user:ID',
    (value) =>
      typeof value === 'string' &&
      /^(user|restaurant|dish)(:.{1,200})?$/.test(value) &&
      !value.includes('\0'),
  );

/** A moment of the warehouse. */
export const IsMoment = () =>
  rule(
    'isMoment',
    'a time with a zone, as 2024-03-01T12:30:00Z',
    (value) =>
      typeof value === 'string' &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
      !Number.isNaN(Date.parse(value)),
  );

/** Where something can be posted to. User and password would be stored in the clear, and a fragment means nothing. */
export const IsWebAddress = () =>
  rule(
    'isWebAddress',
    'an address https://host/path of at most 2000 characters, without user, password and fragment',
    (value) => {
      const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
      return (
        url !== undefined &&
        ['http:', 'https:'].includes(url.protocol) &&
        [url.username, url.password, url.hash].every((part) => part === '') &&
        (value as string).length <= 2_000
      );
    },
  );

export const IsId = () =>
  rule(
    'isId',
    'a UUID',
    (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  );

/** An object with exactly one of the members, and perhaps others that are not known. */
export const HasOneOf = (...names: string[]) =>
  rule(
    'hasOneOf',
    `an object with exactly one of ${names.join(', ')}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1,
  );

/** Must say what another member of the input says, where both are there. */
export const AgreesWith = (other: string, agrees: (input: object) => boolean): PropertyDecorator =>
  ValidateBy({
    name: 'agrees',
    validator: {
      validate: (_, args) => agrees(args!.object),
      defaultMessage: () => `must say the same as ${other}`,
    },
  });

/** A query has texts alone. */
export const IsSwitch = () => IsOneOf('true', 'false');

/** May be left out; null is no way to leave it out. */
export const MayMiss = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A number of a query, which is a text; what does not convert stays a text, and a rule refuses it. */
export const FromQuery = (): PropertyDecorator =>
  Transform(({ value }) =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : (value as unknown),
  );
