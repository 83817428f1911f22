import type { Socket } from 'node:net';
import pg from 'pg';
import { noteOrigin } from '@app/servers/server-of';
import { traces } from '@app/tracing/tracing';
import { bindInPieces, type PgConnection } from './bind-in-pieces';
import { nameOf, unlessLost } from './prepared-statements';
import { querySeconds, unanswered } from './warehouse-metrics';

/** A transaction as the server knows it; without `begun`, whatever the process of the server is at. */
export interface ServerTransaction {
  pid: number;
  begun?: string;
}

/**
 * A client that measures its statements, knows how long it has been waiting for an answer, and has a listener for
 * errors at all times. Between the pool, which takes its own away when it hands a client out, and its user, an error of
 * the connection would end the process. A caller that waits for an answer gets it too.
 */
export class WatchedClient extends pg.Client {
  /** What the server is at for this client, where that is known. */
  transaction?: ServerTransaction;
  /**
   * A statement that is not answered within so many milliseconds is not answered any more; 0: there is no such limit.
   */
  answerMs = 0;
  /** What broke the connection, perhaps between two statements. */
  private broken?: Error;
  private unanswered = 0;
  private askedAt = 0;
  /** When the last answer came: PostgreSQL works on statements one after the other, however they were sent. */
  private answeredAt = 0;
  private heardAt = 0;
  private bytesRead = 0;

  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', (error) => (this.broken ??= error));
    bindInPieces((this as unknown as { connection: PgConnection }).connection);
    const send = this.query.bind(this) as (...query: unknown[]) => unknown;
    // The driver writes the values while it sends; that is work of this process, and not measured.
    const query = (statement: unknown, ...rest: unknown[]) =>
      this.watched(send(named(statement), ...rest), statement);
    Object.assign(this, { query });
  }

  /**
   * The process of the server as it was announced when the connection was made. A pooler announces a number of its own.
   */
  get announcedPid(): number {
    return (this as unknown as { processID: number }).processID;
  }

  /** So many milliseconds the oldest statement without an answer has been waiting; 0 where none is. */
  waitingMs(): number {
    return this.unanswered === 0 ? 0 : performance.now() - this.askedAt;
  }

  /**
   * So many milliseconds nothing has come although a statement waits for its answer; 0 where none does. To be asked
   * regularly.
   */
  silentMs(): number {
    const { bytesRead } = this.socket;
    if (bytesRead !== this.bytesRead) {
      this.bytesRead = bytesRead;
      this.heardAt = performance.now();
    }
    return this.unanswered === 0 ? 0 : performance.now() - this.heardAt;
  }

  /** Breaks the connection. Who waits for an answer gets the error. */
  drop(error: Error): void {
    this.socket.destroy(error);
  }

  private get socket(): Socket {
    return (this as unknown as { connection: { stream: Socket } }).connection.stream;
  }

  private watched(answer: unknown, asked: unknown): unknown {
    if (!(answer instanceof Promise)) {
      return answer;
    }
    if (this.unanswered === 0) {
      this.askedAt = this.heardAt = performance.now();
    }
    this.unanswered += 1;
    const traced = traces?.statement(asked);
    const statement = { sentAt: performance.now() };
    unanswered.add(statement);
    const settle = (error?: { code?: string }) => {
      traced?.(error);
      unanswered.delete(statement);
      this.unanswered -= 1;
      const now = performance.now();
      querySeconds.observe((now - Math.max(statement.sentAt, this.answeredAt)) / 1000);
      this.askedAt = this.answeredAt = now;
    };
    answer.then(() => settle(), settle);
    return answer.catch((error: Error) => unlessLost(noteOrigin('postgresql', this.causeOf(error))));
  }

  /** The driver does not say what broke a connection that nothing can be sent over any more. */
  private causeOf(error: Error): Error {
    return error.message.endsWith('is not queryable') ? (this.broken ?? error) : error;
  }
}

function named(statement: unknown): unknown {
  const { name, text } = statement as { name?: string; text: string };
  return name === undefined ? statement : { ...(statement as object), name: nameOf(name, text) };
}
