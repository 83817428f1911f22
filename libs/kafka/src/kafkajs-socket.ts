import { connect, isIP, Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import Connection from 'kafkajs/src/network/connection.js';

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
  let take: (bytes: Buffer) => void;
  const to = {
    host,
    port,
    onread: {
      buffer: arrived,
      callback(size: number) {
        take(arrived.subarray(0, size));
        return true;
      },
    },
  };
  const socket = ssl
    ? connectSecurely({ ...to, servername: isIP(host) ? undefined : host, ...ssl }, onConnect)
    : connect(to, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // A request goes at once, also while another is not answered yet.
  socket.setNoDelay(true);
  take = endWhenSilent(socket, `${host}:${port}`);
  return socket;
};

/**
 * Into this all connections read: what has arrived is copied into the answer that it belongs to before anything else
 * does. A buffer for each piece would be garbage at once.
 */
const arrived = Buffer.allocUnsafeSlow(64 * 1024);

/** kafkajs copies an answer behind what was left of the one before, also where that is nothing. */
const processData = Connection.prototype.processData;
Connection.prototype.processData = function (this: Connection, bytes: Buffer) {
  if (this.bytesBuffered === 0) {
    this.chunks = [];
  }
  processData.call(this, bytes);
};

/** Writes the parts of one request, the first of which says what it asks; they are not copied. */
export function writeRequest(socket: Socket, [head, ...others]: readonly Buffer[]): void {
  socket.cork();
  socket.write(head!);
  for (const part of others) {
    Socket.prototype.write.call(socket, part);
  }
  socket.uncork();
}

/** A connection, as others to the same broker need to know it. */
interface OpenConnection {
  broker: string;
  /** When something last came, by the clock of this process. */
  heardAt: number;
  drop: (reason: string) => void;
}

/** All of this process that are open, of whatever client. */
const connections = new Set<OpenConnection>();

/**
 * kafkajs writes each request at once, and gets each answer whole; answers come in the order of the requests, each with
 * its length before it. A connection that is silent takes those to the same broker with it that have heard nothing for
 * half as long: one that has nothing to do would show only later that it is dead as well, and each would cost its own
 * time. Not for as long: the way may have been cut a moment after the request was sent.
 * @returns takes what has arrived
 */
function endWhenSilent(socket: Socket, broker: string): (bytes: Buffer) => void {
  /** The limits of the requests that are not answered yet, in their order. */
  const owed = [ANSWER_MS];
  const answers = new AnswerReader();
  const connection: OpenConnection = {
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
  socket.on('close', () => {
    clearTimeout(timer);
    connections.delete(connection);
    // kafkajs does this each time it closes a connection again, and each time Node would wait for it to be made.
    socket.unref = () => socket;
  });
  wait();
  return (bytes) => {
    connection.heardAt = performance.now();
    const whole = answers.read(bytes);
    owed.splice(0, whole.length);
    wait();
    for (const answer of whole) {
      socket.emit('data', answer);
    }
  };
}

/** A request begins with its length, and then says what it asks. */
function limitOf(request: unknown): number {
  const apiKey = Buffer.isBuffer(request) && request.length >= 6 ? request.readInt16BE(4) : undefined;
  return (apiKey !== undefined && limits.get(apiKey)) || ANSWER_MS;
}

/** Bytes of the length that an answer begins with. */
const LENGTH_BYTES = 4;
/**
 * More than a fetch brings. What says that it is larger, perhaps no answer of Kafka at all, gets twice the room of what
 * has arrived.
 */
const FIRST_ROOM = 8 * 1024 * 1024;

/** Puts answers together from a stream of bytes: each is four bytes with its length, and as many bytes as they say. */
export class AnswerReader {
  private answer = Buffer.allocUnsafe(LENGTH_BYTES);
  /** Bytes of the answer that are there. */
  private end = 0;
  /** Bytes of the answer, as far as is known. */
  private size = LENGTH_BYTES;

  /** The answers that end in the next piece of the stream, each with its length before it. */
  read(piece: Buffer): Buffer[] {
    const whole: Buffer[] = [];
    for (let at = 0; at < piece.length;) {
      this.makeRoom();
      const copied = piece.copy(this.answer, this.end, at, at + this.size - this.end);
      at += copied;
      this.end += copied;
      if (this.end === LENGTH_BYTES && this.size === LENGTH_BYTES) {
        this.size += this.answer.readUInt32BE(0);
      }
      if (this.end === this.size) {
        whole.push(this.answer);
        this.answer = Buffer.allocUnsafe(LENGTH_BYTES);
        this.end = 0;
        this.size = LENGTH_BYTES;
      }
    }
    return whole;
  }

  private makeRoom(): void {
    if (this.end === this.answer.length) {
      const room = Buffer.allocUnsafe(Math.min(this.size, Math.max(FIRST_ROOM, 2 * this.end)));
      this.answer.copy(room, 0, 0, this.end);
      this.answer = room;
    }
  }
}
