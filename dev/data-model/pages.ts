import { english, russian, type Edition } from './editions';

/** The pages of `docs/` with parts that are written from the entities. */
export const pages = new Map<string, Edition>([
  ['data-model.md', english],
  ['security.md', english],
  ['ru/data-model.md', russian],
]);
