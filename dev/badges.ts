import { writeFileSync } from 'node:fs';
import { badges, placeOf } from './badges/badges';

/** Draws the badges of the README again, from what the repository says of itself. */
for (const [name, picture] of badges()) {
  writeFileSync(placeOf(name), picture);
}
