import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on 127.0.0.1 that can go silent, as a firewall that forgets its connections or a node that dies does:
 * nothing that is sent arrives, nothing answers, and nobody hears that the connection is gone.
 */
export class SilentProxy {
  private readonly server: Server;
  private readonly pairs = new Map<Socket, Socket>();
  /** Those of a time of silence stay silent for ever; they are closed with the proxy. */
  private readonly forgotten = new Set<Socket>();
  private silent = false;

  /** @param target port of the server on 127.0.0.1 */
  constructor(private target: number) {
    this.server = createServer((client) => this.accept(client));
  }

  /** @param port a free one by default */
  async listen(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that pass data on. */
  get connections(): number {
    return this.pairs.size;
  }

  /**
   * From now on the connections there are pass nothing on, in neither direction, for ever; new ones neither until
   * {@link recover}.
   */
  goSilent(): void {
    this.silent = true;
    this.forgetConnections();
  }

  /** The connections there are pass nothing on, for ever; new ones do. So forgets a firewall. */
  forgetConnections(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) {
        socket.unpipe();
        // Read and thrown away: a full buffer would be seen by the other side.
        socket.removeAllListeners('data').resume();
        this.forgotten.add(socket);
      }
    }
    this.pairs.clear();
  }

  /** New connections pass data on again. */
  recover(): void {
    this.silent = false;
  }

  /**
   * New connections go to another server, as those of a proxy in front of a cluster do after a fail-over; the ones
   * there stay.
   */
  switchTo(target: number): void {
    this.target = target;
  }

  /** Breaks all connections, and takes no more. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of [...this.forgotten, ...[...this.pairs].flat()]) {
      socket.destroy();
    }
    await closed;
  }

  private accept(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.silent) {
      this.forgotten.add(client);
      client.resume();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    server.on('error', () => server.destroy());
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.pipe(to);
      from.on('close', () => {
        this.pairs.delete(client);
        // A connection that was forgotten is not ended either.
        if (!this.forgotten.has(to)) {
          to.destroy();
        }
      });
    }
    this.pairs.set(client, server);
  }
}
