/*
 * Comments of `dds`, `cdm` and `report` are in Russian and English: `'Хеш-ключ заказа / Hash key of the order'`. Those
 * of other schemas are in English.
 */

export function inEnglish(comment: string): string {
  const [english, ...before] = comment.split(' / ').toReversed();
  return before.length <= 1 ? english! : fail(comment);
}

/** @throws where the comment has no Russian half */
export function inRussian(comment: string): string {
  const halves = comment.split(' / ');
  return halves.length === 2 && /\p{Script=Cyrillic}/u.test(halves[0]!) ? halves[0]! : fail(comment);
}

function fail(comment: string): never {
  throw new TypeError(`The comment "${comment}" is not of the form 'Russian / English'`);
}
