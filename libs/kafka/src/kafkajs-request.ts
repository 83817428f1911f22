import type { Broker } from './kafkajs-cluster';
import { writeRequest } from './kafkajs-socket';

/** What a request is, by numbers and name of https://kafka.apache.org/protocol#protocol_api_keys. */
export interface Request {
  apiKey: number;
  apiVersion: number;
  apiName: string;
}

/**
 * Sends a request over a connection of kafkajs, and its parts as they are. kafkajs itself copies a request twice, each
 * time into a buffer of up to twice its size.
 * @param body must stay as it is until the answer is there
 * @returns the answer without its head
 * @throws errors of kafkajs, where the connection breaks or the answer does not come
 */
export async function ask(broker: Broker, request: Request, body: readonly Buffer[]): Promise<Buffer> {
  const connection = await broker.connectionPool.getConnectionByRequest({ request });
  if (!connection.isAuthenticated()) {
    await connection.authenticate();
  }
  connection.failIfNotConnected();
  const correlationId = connection.nextCorrelationId();
  const parts = [headOf(request, correlationId, connection.clientId, body), ...body];
  const { payload } = await new Promise<{ payload: Buffer }>((resolve, reject) => {
    connection.requestQueue.push({
      entry: { ...request, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout: null,
      sendRequest: () => writeRequest(connection.socket, parts),
    });
  });
  return payload;
}

/** The length of the request and its head, version 1: https://kafka.apache.org/protocol#protocol_messages */
function headOf(
  { apiKey, apiVersion }: Request,
  correlationId: number,
  clientId: string,
  body: readonly Buffer[],
): Buffer {
  const client = Buffer.from(clientId);
  const head = Buffer.alloc(14 + client.length);
  head.writeInt32BE(
    body.reduce((bytes, part) => bytes + part.length, head.length - 4),
    0,
  );
  head.writeInt16BE(apiKey, 4);
  head.writeInt16BE(apiVersion, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(client.length, 12);
  client.copy(head, 14);
  return head;
}
