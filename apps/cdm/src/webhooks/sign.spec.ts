import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { newSecret, signedHeaders } from './sign';

const body = '{"tag":"любит пиццу"}';

it('signs as Standard Webhooks verifies', () => {
  const secret = newSecret();
  const headers = signedHeaders(secret, 'msg_1', new Date(), body);
  expect(new Webhook(secret).verify(body, headers)).toEqual({ tag: 'любит пиццу' });
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
});

it('signs the time, so that an old message is known', () => {
  const secret = newSecret();
  const old = signedHeaders(secret, 'msg_1', new Date(Date.now() - 3_600_000), body);
  expect(() => new Webhook(secret).verify(body, old)).toThrow('too old');
  const moved = { ...old, 'webhook-timestamp': String(Math.floor(Date.now() / 1_000)) };
  expect(() => new Webhook(secret).verify(body, moved)).toThrow('No matching signature');
});

it('makes another secret each time', () => {
  expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(newSecret());
});
