import type { Theme } from './settings';

/** Colours that are drawn by charts; those of the page around them are in style.css. */
export interface Look {
  ink: string;
  faint: string;
  line: string;
  card: string;
  /** One colour a measure, the same in all charts. */
  orders: string;
  users: string;
  money: string;
  notClosed: string;
  rest: string;
  /** For categories; neighbours differ clearly. At least 3:1 against the card. */
  categories: string[];
}

const light: Look = {
  ink: '#1c2430',
  faint: '#5a6676',
  line: '#e4e8ee',
  card: '#ffffff',
  orders: '#0f8376',
  users: '#4668d4',
  money: '#b4690e',
  notClosed: '#b9c3cf',
  rest: '#8b95a3',
  categories: [
    '#2f6fd0',
    '#d9730d',
    '#12897b',
    '#c63d6f',
    '#7a55c7',
    '#6f8f12',
    '#c0392b',
    '#1c8db0',
    '#a8720a',
    '#3d8f45',
    '#a346a8',
    '#4f6b8f',
    '#e0567f',
    '#5a5ad6',
    '#8a5a3c',
    '#0e9a9a',
  ],
};

const dark: Look = {
  ink: '#e8ecf2',
  faint: '#9ba7b6',
  line: '#2a323d',
  card: '#171c23',
  orders: '#3cc4b1',
  users: '#8aa4ff',
  money: '#f0b35a',
  notClosed: '#4a5666',
  rest: '#76828f',
  categories: [
    '#6ba3f5',
    '#f59a45',
    '#3fc3ae',
    '#f07aa0',
    '#b095f2',
    '#b3cf4d',
    '#f07f72',
    '#55c3e4',
    '#e3b04b',
    '#79cc7f',
    '#d98be0',
    '#93aed1',
    '#ff9fba',
    '#9a9aff',
    '#cf9f80',
    '#4fd6d6',
  ],
};

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export function lookOf(theme: Theme): Look {
  return theme === 'dark' || (theme === 'auto' && systemIsDark.matches) ? dark : light;
}

/** Notices when the system turns light or dark. */
export function watchSystem(changed: () => void): void {
  systemIsDark.addEventListener('change', changed);
}

/** The colour of each category, the same in all charts and under all filters. */
export class CategoryColors {
  private readonly places = new Map<string, number>();

  /** @param ids most popular first, so that the ones that are seen together most often differ most */
  know(ids: string[]): void {
    for (const id of ids) {
      this.placeOf(id);
    }
  }

  of(id: string, { categories }: Look): string {
    return categories[this.placeOf(id) % categories.length]!;
  }

  private placeOf(id: string): number {
    const place = this.places.get(id) ?? this.places.size;
    this.places.set(id, place);
    return place;
  }
}
