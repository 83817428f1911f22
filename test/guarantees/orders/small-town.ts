/** A dish of a menu: name and category. */
export type Menu = Record<string, [name: string, category: string]>;

/** An entry of a user. */
export function userEntry(id: string, name: string, time?: string): string {
  return JSON.stringify({ _id: id, name, login: `login-${id}`, ...(time && { update_ts_utc: time }) });
}

/** An entry of a restaurant. */
export function restaurantEntry(id: string, name: string, menu: Menu, time?: string): string {
  const dishes = Object.entries(menu).map(([_id, [dish, category]]) => ({
    _id,
    name: dish,
    price: 100,
    category,
  }));
  return JSON.stringify({ _id: id, name, menu: dishes, ...(time && { update_ts_utc: time }) });
}

/** A dictionary of so many users, from u0 on, and a restaurant for each menu, from r0 on. */
export function townOf(users: number, menus: Menu[], time: string): Record<string, string> {
  return {
    ...Object.fromEntries(
      Array.from({ length: users }, (_, user) => [`u${user}`, userEntry(`u${user}`, `User ${user}`, time)]),
    ),
    ...Object.fromEntries(
      menus.map((menu, place) => [`r${place}`, restaurantEntry(`r${place}`, `Place ${place}`, menu, time)]),
    ),
  };
}

export const menu: Menu = {
  d1: ['Borscht', 'Soups'],
  d2: ['Solyanka', 'Soups'],
  d3: ['Kvass', 'Drinks'],
  d4: ['Pelmeni', 'Dumplings'],
};

const known = '2024-01-01 00:00:00';

/** The dictionary of most tests: twelve users, u1 to u12, and three restaurants, r1 to r3, with the same menu. */
export const dictionary: Record<string, string> = {
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, place) => [
      `u${place + 1}`,
      userEntry(`u${place + 1}`, `User ${place + 1}`, known),
    ]),
  ),
  r1: restaurantEntry('r1', 'At home', menu, known),
  r2: restaurantEntry('r2', 'On the river', menu, known),
  r3: restaurantEntry('r3', 'Upstairs', menu, known),
};
