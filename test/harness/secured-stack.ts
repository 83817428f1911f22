import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import { serviceLogins, type Login } from '../../dev/services/service-logins';
import { up, type StackEnvironment } from '../../dev/stack/stack';
import { keep, type Release } from '../../dev/stack/stack-keeper';
import { kafkaAcls, kafkaUsers, type KafkaUser } from '../../ops/topics/kafka-acls';
import { makeCertificates, type Certificates } from './certificates';

/** Each password says what it is of, so that it can be looked for in a log. */
const passwordOf = (user: string) => `secret-of-${user}`;

/**
 * Servers that take TLS and passwords alone; Kafka knows a user for each service, with the rights of
 * `ops/topics/kafka-acls.ts`.
 */
export class SecuredStack {
  readonly folder = mkdtempSync(join(tmpdir(), 'order-vault-tls-'));
  /** As administrator. */
  environment!: StackEnvironment;
  /** Of an authority that no server has a certificate of. */
  strangers!: Certificates;
  private release?: Release;

  async up(): Promise<void> {
    const name = `secured-${process.pid}-${Date.now()}`;
    const certificates = await makeCertificates(this.folder, 'servers');
    this.strangers = await makeCertificates(this.folder, 'strangers');
    this.release = keep(name);
    this.environment = await up(name, {
      security: {
        ...certificates,
        kafkaUsers: {
          admin: passwordOf('admin'),
          ...Object.fromEntries(kafkaUsers.map((user) => [user, passwordOf(user)])),
        },
        redisPassword: passwordOf('redis'),
      },
    });
    const admin = this.kafka('admin').admin();
    await admin.connect();
    await admin.createAcls({ acl: kafkaUsers.flatMap(kafkaAcls) });
    await admin.disconnect();
  }

  async down(): Promise<void> {
    await this.release?.();
    rmSync(this.folder, { recursive: true });
  }

  /** A client that gives up at once. */
  kafka(user: KafkaUser | 'admin'): Kafka {
    const { KAFKA_BROKERS } = this.environment;
    return new Kafka({
      clientId: 'test',
      brokers: [KAFKA_BROKERS],
      ssl: { ca: [this.authority] },
      sasl: { mechanism: 'scram-sha-512', username: user, password: passwordOf(user) },
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 },
    });
  }

  /** The variables of one that has its own user of Kafka. */
  kafkaVariables(user: KafkaUser): Record<string, string> {
    const { KAFKA_BROKERS, KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM } = this.environment;
    return {
      KAFKA_BROKERS,
      KAFKA_SSL: KAFKA_SSL!,
      KAFKA_SSL_CA: KAFKA_SSL_CA!,
      KAFKA_SASL_MECHANISM: KAFKA_SASL_MECHANISM!,
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: passwordOf(user),
    };
  }

  /** All variables of a service with a user and a login of its own. */
  async variables(service: 'stg' | 'dds' | 'cdm'): Promise<Record<string, string>> {
    const { REDIS_URL, REDIS_SSL_CA } = this.environment;
    return {
      ...this.kafkaVariables(service),
      DATABASE_URL: (await this.logins())[service],
      ...(service === 'stg' ? { REDIS_URL, REDIS_SSL_CA: REDIS_SSL_CA! } : {}),
    };
  }

  logins(): Promise<Record<Login, string>> {
    return serviceLogins(this.environment.DATABASE_URL);
  }

  private get authority(): string {
    return readFileSync(this.environment.KAFKA_SSL_CA!, 'utf8');
  }
}

/** Servers for the tests of the file or `describe` around the call. */
export function useSecuredStack(): SecuredStack {
  const stack = new SecuredStack();
  beforeAll(() => stack.up());
  afterAll(() => stack.down());
  return stack;
}
