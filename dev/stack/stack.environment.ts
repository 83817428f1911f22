import type { Stack } from './stack-state';

type Addresses = Record<'KAFKA_BROKERS' | 'DATABASE_URL' | 'REDIS_URL', string>;

/** Only where the stack is secured. */
type Credentials = Partial<
  Record<
    | 'KAFKA_SSL'
    | 'KAFKA_SSL_CA'
    | 'KAFKA_SASL_MECHANISM'
    | 'KAFKA_SASL_USERNAME'
    | 'KAFKA_SASL_PASSWORD'
    | 'REDIS_SSL_CA',
    string
  >
>;

/** The superuser of PostgreSQL, and its password. */
export const account = 'order_vault';

/** The variables of the services, for the administrator of each server. */
export function environmentOf({ ports, security }: Stack): Addresses & Credentials {
  const database = `postgres://${account}:${account}@${security ? 'localhost' : '127.0.0.1'}:${ports.postgres}/order_vault`;
  if (!security) {
    return {
      KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
      DATABASE_URL: database,
      REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
    };
  }
  const { authority, kafkaUsers, redisPassword } = security;
  return {
    KAFKA_BROKERS: `localhost:${ports.kafka}`,
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA: authority,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'admin',
    KAFKA_SASL_PASSWORD: kafkaUsers.admin,
    DATABASE_URL: `${database}?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`,
    REDIS_URL: `rediss://:${redisPassword}@localhost:${ports.redis}`,
    REDIS_SSL_CA: authority,
  };
}
