/** What Node takes from its pool is copied as cheaply. */
const LARGE_BYTES = 4_096;
const NOTHING = Buffer.alloc(0);

interface BindConfig {
  values?: unknown[];
}

/** What is used of a connection of pg 8. */
export interface PgConnection {
  bind(this: Pick<PgConnection, '_send'>, config: BindConfig): void;
  _send(message: Buffer): unknown;
}

/**
 * From now on large parameters go to the socket as they are, and must stay as they are until they are sent. The driver
 * copies them into its message, which grows while it is written: two to three times the bytes of each batch were left
 * to the collector of garbage.
 */
export function bindInPieces(connection: PgConnection): void {
  const { bind } = connection;
  connection.bind = (config: BindConfig) => {
    const { values = [] } = config;
    if (!values.some(isLarge)) {
      bind.call(connection, config);
      return;
    }
    const withHoles = values.map((value) => (isLarge(value) ? NOTHING : value));
    const send = (message: Buffer) => {
      for (const piece of filled(message, values)) {
        // oxlint-disable-next-line no-underscore-dangle -- pg calls it so
        connection._send(piece);
      }
    };
    bind.call({ _send: send }, { ...config, values: withHoles });
  };
}

function isLarge(value: unknown): value is Buffer {
  return Buffer.isBuffer(value) && value.length >= LARGE_BYTES;
}

/**
 * The pieces of a message Bind whose large values are empty so far:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function filled(message: Buffer, values: unknown[]): Buffer[] {
  const portalEnd = message.indexOf(0, 5);
  const formats = message.indexOf(0, portalEnd + 1) + 1;
  let at = formats + 2 + 2 * message.readInt16BE(formats) + 2;
  let begin = 0;
  let added = 0;
  const pieces: Buffer[] = [];
  for (const value of values) {
    const length = message.readInt32BE(at);
    at += 4;
    if (isLarge(value)) {
      message.writeInt32BE(value.length, at - 4);
      pieces.push(message.subarray(begin, at), value);
      begin = at;
      added += value.length;
    } else {
      at += Math.max(length, 0);
    }
  }
  pieces.push(message.subarray(begin));
  message.writeInt32BE(message.readInt32BE(1) + added, 1);
  return pieces;
}
