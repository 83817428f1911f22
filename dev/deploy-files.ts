import { writeFileSync } from 'node:fs';
import { deployFiles, placeOf } from './deploy-files/deploy-files';

/** Writes the files of deploy/ again that say in the language of another tool what the code or another file says. */
for (const [name, text] of await deployFiles()) {
  writeFileSync(placeOf(name), text);
}
