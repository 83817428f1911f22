import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** A broker answers a fetch within a second or so, and other questions sooner. */
const ANSWER_MS = 10_000;
/** How long a broker may wait for the replicas of what was sent; it then says so, and is asked again. */
export const ACKNOWLEDGE_MS = 15_000;
/** How long a broker may wait for the other members of a group to join; then it goes on without them. */
export const REBALANCE_MS = 20_000;
/** Questions that a broker answers only when others have answered it, by `api_key`: Produce, JoinGroup, SyncGroup. */
const limits = new Map([
  [0, ACKNOWLEDGE_MS + 2_000],
  [11, REBALANCE_MS + 5_000],
  [14, REBALANCE_MS + 5_000],
]);
/**
 * Finds a peer that is gone while nobody asks it anything: after so long without a packet the kernel asks, once a
 * second, ten times.
 */
const KEEP_ALIVE_MS = 10_000;

/**
 * Connections for kafkajs that end when the broker owes an answer and is silent, as behind a firewall that has
 * forgotten them. Left to itself kafkajs 2.2.4 lets the one request time out and keeps the connection, so each further
 * request goes the same dead way, until the kernel gives up after a quarter of an hour; and it waits for the answer to
 * an authentication without any limit.
 */
export const answeringSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectSecurely({ host, port, servername: isIP(host) ? undefined : host, ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // A request goes at once, also while another is not answered yet.
  socket.setNoDelay(true);
  endWhenSilent(socket, `${host}:${port}`);
  return socket;
};

/** A connection, as others to the same broker need to know it. */
interface Connection {
  broker: string;
  /** When something last came, by the clock of this process. */
  heardAt: number;
  drop: (reason: string) => void;
}

/** All of this process that are open, of whatever client. */
const connections = new Set<Connection>();

/**
 * kafkajs writes each request at once; answers come in the order of the requests, each with its length before it. A
 * connection that is silent takes those to the same broker with it that have heard nothing for half as long: one that
 * has nothing to do would show only later that it is dead as well, and each would cost its own time. Not for as long:
 * the way may have been cut a moment after the request was sent.
 */
function endWhenSilent(socket: Socket, broker: string): void {
  /** The limits of the requests that are not answered yet, in their order. */
  const owed = [ANSWER_MS];
  const answers = new AnswerCounter();
  const connection: Connection = {
    broker,
    heardAt: performance.now(),
    drop: (reason) => socket.destroy(new Error(reason)),
  };
  connections.add(connection);
  let timer: NodeJS.Timeout | undefined;

  const wait = () => {
    clearTimeout(timer);
    const [limit] = owed;
    if (limit !== undefined) {
      timer = setTimeout(() => {
        const reason = `no answer from ${broker} within ${limit / 1000} s, see KAFKA_BROKERS`;
        const silentSince = performance.now() - limit / 2;
        for (const other of connections) {
          if (other === connection || (other.broker === broker && other.heardAt < silentSince)) {
            other.drop(reason);
          }
        }
      }, limit);
    }
  };

  const write = socket.write.bind(socket) as (...request: unknown[]) => boolean;
  Object.assign(socket, {
    write(...request: unknown[]) {
      owed.push(limitOf(request[0]));
      if (owed.length === 1) {
        wait();
      }
      return write(...request);
    },
  });
  // The connection itself is the first thing that is waited for.
  socket.on(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
    owed.shift();
    wait();
  });
  socket.on('data', (chunk: Buffer) => {
    connection.heardAt = performance.now();
    owed.splice(0, answers.endingIn(chunk));
    wait();
  });
  socket.on('close', () => {
    clearTimeout(timer);
    connections.delete(connection);
    // kafkajs does this each time it closes a connection again, and each time Node would wait for it to be made.
    socket.unref = () => socket;
  });
  wait();
}

/** A request begins with its length, and then says what it asks. */
function limitOf(request: unknown): number {
  const apiKey = Buffer.isBuffer(request) && request.length >= 6 ? request.readInt16BE(4) : undefined;
  return (apiKey !== undefined && limits.get(apiKey)) || ANSWER_MS;
}

/**
 * Finds the ends of answers in a stream of bytes: each is four bytes with its length, and as many bytes as they
 * say.
 */
export class AnswerCounter {
  private digits = 0;
  private left = 0;

  /** How many answers end in the next piece of the stream. */
  endingIn(chunk: Buffer): number {
    let answers = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.digits < 4) {
        this.left = this.left * 256 + chunk[at]!;
        this.digits += 1;
        at += 1;
      } else {
        const part = Math.min(this.left, chunk.length - at);
        this.left -= part;
        at += part;
      }
      if (this.digits === 4 && this.left === 0) {
        this.digits = 0;
        answers += 1;
      }
    }
    return answers;
  }
}
