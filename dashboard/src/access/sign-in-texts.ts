import type { Language } from '../scene/texts';

const en = {
  signIn: 'Sign in',
  signInNote: 'With your token of the API. This tab keeps it until you sign out or close the tab.',
  token: 'Token',
  noToken: 'Enter the token.',
  wrongToken: 'Nobody has this token.',
  signOut: 'Sign out',
};

export type SignInTexts = typeof en;

const ru: SignInTexts = {
  signIn: 'Войти',
  signInNote: 'По вашему токену API. Вкладка хранит его, пока вы не выйдете или не закроете её.',
  token: 'Токен',
  noToken: 'Введите токен.',
  wrongToken: 'Такого токена ни у кого нет.',
  signOut: 'Выйти',
};

export const signInTexts: Record<Language, SignInTexts> = { en, ru };
