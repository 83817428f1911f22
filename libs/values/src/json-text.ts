import { LosslessNumber, stringify } from 'lossless-json';

/** JSON text of a value whose numbers are {@link ExactNumber}s. */
export function encodeJson(value: unknown): string {
  const text = JSON.stringify(value);
  // The slow way writes exact numbers as they are; JSON.stringify shows them as objects that name their class.
  return text.includes('"isLosslessNumber":true') ? stringify(value)! : text;
}

/** A value as it may stand in an error message: JSON, at most 100 characters. */
export function excerpt(value: unknown): string {
  const text = value === undefined ? 'nothing' : encodeJson(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`.toWellFormed();
}

/** An exact number is an object of a class, too. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
  );
}
