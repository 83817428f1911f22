import type { StreamableFile } from '@nestjs/common';
import { localTime } from '@app/values/local-time';
import { csvFor, csvOf } from '../http/csv-of';
import { xlsxOf } from '../http/xlsx-of';
import type { Language, TaggedUser } from './user-tags.contract';

/** For tools, as it was before there was a language: it does not change. */
export function csvForTools(users: AsyncGenerator<TaggedUser>): Promise<StreamableFile> {
  return csvOf(users, ['source_user_id', 'user_id', 'order_cnt', 'since']);
}

/** For a spreadsheet program: names of columns in its language, times in the zone of the source. */
export function csvForPeople(
  users: AsyncGenerator<TaggedUser>,
  language: Language,
  zone: string,
): Promise<StreamableFile> {
  return csvFor(
    language,
    cellsOf(users, zone),
    columns.map((column) => column[language]),
  );
}

/** @throws what the first user throws */
export function xlsxForPeople(
  users: AsyncGenerator<TaggedUser>,
  language: Language,
  zone: string,
): Promise<StreamableFile> {
  return xlsxOf(
    dated(cellsOf(users, zone)),
    columns.map(({ isTime, ...header }) => ({ header: header[language], isTime })),
  );
}

const columns = [
  { en: 'Guest', ru: 'Гость' },
  { en: 'Guest key', ru: 'Ключ гостя' },
  { en: 'Orders', ru: 'Заказов' },
  { en: 'Has the tag since', ru: 'Тег с', isTime: true },
  { en: 'Last matching order', ru: 'Последний подходящий заказ', isTime: true },
];

type Cells = [guest: string, key: string, orders: number, since: string, lastOrder: string | null];

async function* cellsOf(users: AsyncGenerator<TaggedUser>, zone: string): AsyncGenerator<Cells> {
  for await (const { source_user_id, user_id, order_cnt, since, last_order_at } of users) {
    yield [source_user_id, user_id, order_cnt, localTime(since, zone), last_order_at];
  }
}

/** A cell of a workbook has no zone, and the library writes what a time shows in UTC. */
async function* dated(rows: AsyncGenerator<Cells>) {
  const timeOf = (local: string) => new Date(`${local.replace(' ', 'T')}Z`);
  for await (const [guest, key, orders, since, lastOrder] of rows) {
    yield [guest, key, orders, timeOf(since), lastOrder === null ? null : timeOf(lastOrder)];
  }
}
