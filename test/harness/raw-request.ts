import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Asks a broker by the protocol as it is documented (https://kafka.apache.org/protocol) and by no client of Kafka.
 * @param request in bytes, with the number of its kind and of its version
 * @returns the answer behind its correlation id
 */
export async function rawRequest(
  broker: string,
  [kind, version]: [number, number],
  ...request: Buffer[]
): Promise<Buffer> {
  const [host, port] = broker.split(':') as [string, string];
  const socket = connect(Number(port), host);
  try {
    socket.write(sized(Buffer.concat([int16(kind), int16(version), int32(1), string('raw'), ...request])));
    const chunks: Buffer[] = [];
    for (let length = 4; Buffer.concat(chunks).length < length;) {
      chunks.push((await once(socket, 'data'))[0] as Buffer);
      const read = Buffer.concat(chunks);
      length = read.length < 4 ? 4 : 4 + read.readInt32BE();
    }
    return Buffer.concat(chunks).subarray(4 + 4);
  } finally {
    socket.destroy();
  }
}

export function sized(content: Buffer): Buffer {
  return Buffer.concat([int32(content.length), content]);
}

export function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
}

export function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}
