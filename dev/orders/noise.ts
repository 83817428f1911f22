import type { Random } from './random';
import { formatSourceTime, type SourceTime } from './source-time';

/** A message that isn't of an order's kind or shape, and the name of what is special about it. */
export interface NoiseText {
  form: string;
  text: string;
}

/**
 * A message that is no order, as they share the topic: of another type, without type, without payload, or with null.
 */
export function makeNonOrder(at: SourceTime, random: Random): NoiseText {
  const envelope = {
    object_id: random.integer(1, 1_000_000),
    object_type: 'order',
    sent_dttm: formatSourceTime(at),
  };
  const position = {
    courier: { id: random.hex(24) },
    latitude: 55 + random.integer(0, 99_999) / 100_000,
    longitude: 37 + random.integer(0, 99_999) / 100_000,
  };
  const forms: Record<string, object> = {
    courier_ping: { ...envelope, object_type: 'courier_ping', payload: position },
    no_object_type: { ...envelope, object_type: undefined, payload: position },
    no_payload: envelope,
    null_payload: { ...envelope, payload: null },
  };
  const form = random.pick(Object.keys(forms));
  return { form, text: JSON.stringify(forms[form]) };
}

/** A copy of an order's message that can't be read as an order any more. */
export function makeBroken(text: string, random: Random): NoiseText {
  const forms: Record<string, () => string> = {
    truncated: () => text.slice(0, random.integer(1, text.length - 1)),
    wrong_type: () => text.replace(/"quantity":\d+/, '"quantity":"две"'),
    unknown_status: () => text.replace(/"final_status":"[A-Z]+"/, '"final_status":"LOST"'),
    nul_character: () => text.replace('"name":"', '"name":"\\u0000'),
  };
  const form = random.pick(Object.keys(forms));
  return { form, text: forms[form]!() };
}
