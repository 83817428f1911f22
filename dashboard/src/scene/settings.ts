import { preferredLanguage, type Language } from './texts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const LANGUAGE = 'order-vault.language';
const THEME = 'order-vault.theme';

/** What the reader chose, kept by the browser. Without a choice, the browser and the system decide. */
export function language(): Language {
  const kept = recall(LANGUAGE);
  return kept === 'ru' || kept === 'en' ? kept : preferredLanguage(navigator.languages);
}

export function theme(): Theme {
  return themes.find((one) => one === recall(THEME)) ?? 'auto';
}

export function keepLanguage(chosen: Language): void {
  keep(LANGUAGE, chosen);
}

export function keepTheme(chosen: Theme): void {
  keep(THEME, chosen);
}

/** A browser may forbid to keep anything; the choice then holds until the page is left. */
const chosen = new Map<string, string>();

function recall(name: string): string | undefined {
  try {
    return chosen.get(name) ?? localStorage.getItem(name) ?? undefined;
  } catch {
    return chosen.get(name);
  }
}

function keep(name: string, value: string): void {
  chosen.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice is in `chosen`.
  }
}
