import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './free-ports';
import { stackFolder } from '../../dev/stack/stack-state';
import type { OwnStack } from './use-own-stack';
import { SilentProxy } from './silent-proxy';

/**
 * Gives the broker of a stack a second listener, whose clients are sent through the proxy that is returned.
 * Those of the first, the test among them, come without it.
 */
export async function proxyKafka(stack: OwnStack): Promise<SilentProxy> {
  const [port] = await freePorts(1);
  const proxy = new SilentProxy(port!);
  await proxy.listen();
  await stack.stop('kafka');
  const file = join(stackFolder(stack.name), 'kafka', 'server.properties');
  const properties = readFileSync(file, 'utf8')
    .replace(/^listeners=.*/m, `$&,PROXIED://127.0.0.1:${port}`)
    .replace(/^advertised\.listeners=.*/m, `$&,PROXIED://127.0.0.1:${proxy.port}`)
    .replace(/^listener\.security\.protocol\.map=.*/m, '$&,PROXIED:PLAINTEXT');
  writeFileSync(file, properties);
  await stack.start('kafka');
  return proxy;
}
