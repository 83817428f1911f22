import { portIsFree } from '../../dev/stack/free-ports';

/*
 * A port is chosen before a process listens on it, and a service that was stopped comes back on the port that it had.
 * So each worker of Vitest has ports of its own, below those of stacks, and gives none of them twice.
 */
const FIRST = 10_000;
const PORTS_OF_WORKER = 1_000;
const WORKERS = 10;

const first = FIRST + PORTS_OF_WORKER * (Number(process.env.VITEST_POOL_ID) % WORKERS);
let given = Math.floor(Math.random() * PORTS_OF_WORKER);

/** Free ports on 127.0.0.1 that no other test chooses. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = first + (given % PORTS_OF_WORKER);
    given += 1;
    if (await portIsFree(port)) {
      found.push(port);
    }
  }
  return found;
}
