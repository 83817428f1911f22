import type { Dictionary, Restaurant, User } from './dictionary';
import type { Random } from './random';

/** Who orders, and where: most often in one of their favourite restaurants. */
export function drawOwner(
  { users, restaurants }: Dictionary,
  random: Random,
): { user: User; restaurant: Restaurant } {
  const user = users.draw(random);
  const restaurant = random.chance(0.6) ? random.pick(user.favourites) : restaurants.draw(random);
  return { user, restaurant };
}
