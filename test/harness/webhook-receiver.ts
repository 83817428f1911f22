import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface PostedEvent {
  event_id: string;
  event_number: number;
  event: string;
  user_id: string;
  source_user_id: string;
  tag: string;
}

export interface PostedMessage {
  id: string;
  type: string;
  events: PostedEvent[];
  /** Whether the receiver took it. */
  isTaken: boolean;
}

/**
 * What a receiver does with a message: takes it, refuses it with a status, never answers, breaks the connection, says
 * 200 and breaks it before the answer is whole, sends elsewhere, or answers without end.
 */
export type Manner = number | 'hang' | 'reset' | 'lie' | 'redirect' | 'endless';

/** A receiver of webhooks on 127.0.0.1, which verifies each message as the library of Standard Webhooks does. */
export class WebhookReceiver {
  /** All that was posted, in its order. */
  readonly messages: PostedMessage[] = [];
  /** Signatures that did not hold. */
  readonly forged: string[] = [];
  connections = 0;
  /** The most messages whose sender waited at a time. */
  most = 0;
  manner: (events: PostedEvent[]) => Manner = () => 204;
  secret = '';
  /** How long it takes for each, in milliseconds. */
  delay = 0;
  private readonly inHand = new Set<Socket>();
  private readonly server = createServer((request, response) => {
    this.receive(request, response).catch(() => response.destroy());
  });

  /** @param port a free one by default */
  async listen(port = 0): Promise<this> {
    this.server.on('connection', () => (this.connections += 1));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Events of the messages that were taken, repeats too. */
  get taken(): PostedEvent[] {
    return this.messages.filter(({ isTaken }) => isTaken).flatMap(({ events }) => events);
  }

  /** Messages whose sender waits for an answer. */
  get held(): number {
    return this.inHand.size;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.verify(body, request.headers as Record<string, string>);
    const { type, data } = JSON.parse(body) as { type: string; data: { events: PostedEvent[] } };
    this.inHand.add(request.socket);
    const end = () => this.inHand.delete(request.socket);
    request.socket.once('close', end);
    response.once('finish', end);
    this.most = Math.max(this.most, this.inHand.size);
    const manner = this.manner(data.events);
    const isTaken = manner === 'endless' || (typeof manner === 'number' && manner >= 200 && manner <= 299);
    this.messages.push({ id: String(request.headers['webhook-id']), type, events: data.events, isTaken });
    await new Promise((done) => setTimeout(done, this.delay));
    this.answer(response, manner);
  }

  private verify(body: string, headers: Record<string, string>): void {
    try {
      new Webhook(this.secret).verify(body, headers);
    } catch (error) {
      this.forged.push((error as Error).message);
    }
  }

  private answer(response: ServerResponse, manner: Manner): void {
    if (typeof manner === 'number') {
      response.writeHead(manner).end();
    } else if (manner === 'reset') {
      response.socket!.resetAndDestroy();
    } else if (manner === 'lie') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"ok":');
      setTimeout(() => response.socket?.resetAndDestroy(), 50);
    } else if (manner === 'redirect') {
      response.writeHead(307, { location: `http://127.0.0.1:${this.port}/elsewhere` }).end();
    } else if (manner === 'endless') {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(4_096)), 5);
      response.once('close', () => clearInterval(more));
    }
  }
}
