import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { firstConnection } from './first-connection';

/** Refuses one login after the other, with these errors of PostgreSQL; without a code it ends the connection. */
async function refusing(
  ...errors: [code: string, message: string][]
): Promise<{ server: Server; url: string }> {
  const left = [...errors];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    const [code, message] = left.shift()!;
    socket.once('data', () => (code ? socket.end(refusal(code, message)) : socket.destroy()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `postgres://order_vault:secret@127.0.0.1:${port}/order_vault` };
}

function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

it('waits for a server that starts, and believes one that refuses the password', async () => {
  const { server, url } = await refusing(
    ['', ''],
    ['57P03', 'the database system is starting up'],
    ['28P01', 'password authentication failed for user "order_vault"'],
  );
  await expect(firstConnection(url, 'STG_DATABASE_URL')).rejects.toThrow(
    /the server of STG_DATABASE_URL refuses: password authentication failed for user "order_vault"\. .*"Another password"/,
  );
  server.close();
});
