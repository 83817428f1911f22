import { inEnglish, inRussian } from '@app/data-vault/comment';

/** A page about the data model: its language, and its readers. */
export interface Edition {
  /** The part of a comment in its language. */
  read: (comment: string) => string;
  columns: readonly string[];
  nullable: string;
  primaryKey: string;
  unique: string;
  refersTo: string;
  /** For people who change the schema: slots of marts, checks, indexes, and what each key is for. */
  isForBuilders: boolean;
}

export const english: Edition = {
  read: inEnglish,
  columns: ['Column', 'Type', 'Meaning'],
  nullable: 'may be null',
  primaryKey: 'Primary key',
  unique: 'Unique',
  refersTo: 'refers to',
  isForBuilders: true,
};

/** For analysts. */
export const russian: Edition = {
  read: inRussian,
  columns: ['Колонка', 'Тип', 'Что в ней'],
  nullable: 'бывает пусто',
  primaryKey: 'Первичный ключ',
  unique: 'Уникально',
  refersTo: 'ссылается на',
  isForBuilders: false,
};
