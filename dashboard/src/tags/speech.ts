import type { Speech } from './sentence';
import { english } from './english';
import { russian } from './russian';
import type { Studio } from './studio';

/** How rules are said to this reader. */
export function speechOf({ language, scene, names }: Studio): Speech {
  const { format } = scene.value;
  return {
    grammar: language.value === 'ru' ? russian : english,
    nameOf: (kind, id) => names.of(kind, id),
    count: format.count,
    money: (value) => (Number.isInteger(value) ? format.sum(value) : format.bill(value)),
    day: format.day,
  };
}
