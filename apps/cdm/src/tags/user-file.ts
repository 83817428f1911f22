import type { StreamableFile } from '@nestjs/common';
import type { CellKind, Language, SheetCell, SheetColumn } from '@app/spreadsheets/sheet';
import { localTime } from '@app/values/local-time';
import { csvOf, xlsxOf } from '../http/file-of';
import type { TaggedUser } from './user-tags.contract';

/** For tools, as it was before there was a language: it does not change. */
export function csvForTools(users: AsyncGenerator<TaggedUser>): Promise<StreamableFile> {
  return csvOf({ rows: cellsForTools(users), columns: forTools, name: NAME });
}

/** For a program for spreadsheets: names of columns in its language, times in the zone of the source. */
export function csvForPeople(
  users: AsyncGenerator<TaggedUser>,
  language: Language,
  zone: string,
): Promise<StreamableFile> {
  return csvOf({ rows: cellsForPeople(users, zone), columns: forPeople(language), name: NAME }, language);
}

/** @throws what the first user throws */
export function xlsxForPeople(
  users: AsyncGenerator<TaggedUser>,
  language: Language,
  zone: string,
): Promise<StreamableFile> {
  return xlsxOf(
    { rows: cellsForPeople(users, zone), columns: forPeople(language), name: NAME },
    { en: 'Guests', ru: 'Гости' }[language],
  );
}

const NAME = 'users';

const forTools: SheetColumn[] = [
  { name: 'source_user_id', kind: 'text' },
  { name: 'user_id', kind: 'text' },
  { name: 'order_cnt', kind: 'number' },
  { name: 'since', kind: 'time' },
];

async function* cellsForTools(users: AsyncGenerator<TaggedUser>): AsyncGenerator<SheetCell[]> {
  for await (const { source_user_id, user_id, order_cnt, since } of users) {
    yield [source_user_id, user_id, order_cnt, since.toISOString()];
  }
}

const columns: (Record<Language, string> & { kind: CellKind })[] = [
  { en: 'Guest', ru: 'Гость', kind: 'text' },
  { en: 'Guest key', ru: 'Ключ гостя', kind: 'text' },
  { en: 'Orders', ru: 'Заказов', kind: 'number' },
  { en: 'Has the tag since', ru: 'Тег с', kind: 'time' },
  { en: 'Last matching order', ru: 'Последний подходящий заказ', kind: 'time' },
];

function forPeople(language: Language): SheetColumn[] {
  return columns.map(({ kind, ...names }) => ({ name: names[language], kind }));
}

async function* cellsForPeople(users: AsyncGenerator<TaggedUser>, zone: string): AsyncGenerator<SheetCell[]> {
  for await (const { source_user_id, user_id, order_cnt, since, last_order_at } of users) {
    yield [source_user_id, user_id, order_cnt, localTime(since, zone), last_order_at];
  }
}
