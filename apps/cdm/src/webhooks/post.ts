import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { requirePublic, publicLookup } from './public-address';

/** For a receiver to take a message, in milliseconds. */
export const TIMEOUT_MS = 10_000;
/** Nothing of an answer is used but its status; one that is longer is not read to its end. */
const MOST_ANSWER_BYTES = 16_384;

export interface Posted {
  /** Of the answer, where there was one. */
  status: number | null;
  /** Why the message does not count as taken. */
  problem: string | null;
}

interface PostOptions {
  /** Whether the address may be one of our own network. */
  isPrivateAllowed: boolean;
  /** Ends it at once. */
  signal?: AbortSignal;
}

/**
 * Posts a message. It is taken when the answer has a status of 2xx and comes to its end; a redirect is not followed.
 * @throws where the signal ended it
 */
export async function post(
  address: string,
  headers: Record<string, string>,
  body: string,
  { isPrivateAllowed, signal }: PostOptions,
): Promise<Posted> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let status: number | null = null;
  try {
    if (!isPrivateAllowed) {
      requirePublic(address);
    }
    const answer = await send(address, headers, body, {
      isPrivateAllowed,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    status = answer.statusCode!;
    if (status < 200 || status > 299) {
      answer.destroy();
      return { status, problem: `the receiver answered ${status}` };
    }
    await readToEnd(answer);
    return { status, problem: null };
  } catch (error) {
    signal?.throwIfAborted();
    return { status, problem: timeout.aborted ? NO_ANSWER : (error as Error).message };
  }
}

const NO_ANSWER = `no answer within ${TIMEOUT_MS / 1_000} s`;

function send(
  address: string,
  headers: Record<string, string>,
  body: string,
  { isPrivateAllowed, signal }: PostOptions,
): Promise<IncomingMessage> {
  const request = address.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((done, fail) => {
    const options = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'order-vault',
        ...headers,
      },
      signal,
      // Each message has a connection of its own, whose address is looked up and checked.
      agent: false,
      ...(!isPrivateAllowed && { lookup: publicLookup }),
    };
    request(address, options, done).on('error', fail).end(body);
  });
}

/** @throws where the connection breaks before */
async function readToEnd(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_ANSWER_BYTES) {
      // Leaving the loop ends the connection.
      return;
    }
  }
}
