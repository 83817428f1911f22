import type { Ring, View } from '../questions/address';
import type { Popular } from '../questions/answers';

export interface Category extends Popular {
  /** Of the values of all categories: these add up to 1, as shares of all guests or orders do not. */
  shareOfSum: number;
}

export function categoriesOf(answer: Popular[]): Category[] {
  const sum = answer.reduce((all, { value }) => all + value, 0);
  return answer.map((category) => ({ ...category, shareOfSum: category.value / sum }));
}

/** The orders behind the figure of a category. */
export function ordersOf(category: string, by: Ring): Partial<View> {
  return { page: 'orders', category, status: 'CLOSED', of: by === 'users' ? 'guests' : undefined };
}
