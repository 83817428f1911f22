import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { IsOptional } from 'class-validator';
import { afterAll, describe, expect, it } from 'vitest';
import { DATABASE_URLS } from '@app/warehouse/database-url';
import { IsCertificateFile, IsName, IsRedisUrl, readEnvironment, ServiceEnvironment } from './environment';

class OrdersEnvironment extends ServiceEnvironment {
  override SOURCE_TOPIC = 'orders';
  override OUTPUT_TOPIC = 'staged';
  override DEAD_LETTER_TOPIC = 'dead-letters';
  override KAFKA_GROUP_ID = 'orders-service';
  override PORT = 3001;
  @IsRedisUrl() REDIS_URL!: string;
  @IsOptional() @IsCertificateFile() REDIS_SSL_CA?: string;
  @IsOptional() @IsName() API_TOKEN?: string;
}

const needed = {
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'postgres://user:password@localhost:5432/warehouse',
  REDIS_URL: 'redis://localhost:6379',
};
const FOLDER = mkdtempSync(join(tmpdir(), 'order-vault-ca-'));
const AUTHORITY = join(FOLDER, 'ca.pem');
writeFileSync(AUTHORITY, rootCertificates[0]!);
afterAll(() => rmSync(FOLDER, { recursive: true }));

const read = (variables: NodeJS.ProcessEnv) =>
  readEnvironment(OrdersEnvironment, { ...needed, ...variables });

/** The lines about variables; none where the environment can be used. */
function refusalOf(variables: NodeJS.ProcessEnv): string[] {
  try {
    readEnvironment(OrdersEnvironment, variables);
  } catch (error) {
    return (error as Error).message.replace(/^the environment cannot be used:\n {2}/, '').split('\n  ');
  }
  return [];
}

describe('readEnvironment', () => {
  it('has defaults for all but the servers', () => {
    expect({ ...read({}) }).toEqual({
      ...needed,
      KAFKA_SSL: false,
      SOURCE_TOPIC: 'orders',
      OUTPUT_TOPIC: 'staged',
      DEAD_LETTER_TOPIC: 'dead-letters',
      KAFKA_GROUP_ID: 'orders-service',
      SOURCE_TIME_ZONE: 'UTC',
      PORT: 3001,
      LOG_LEVEL: 'info',
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
  });

  it('takes what the variables say, as the type of the default', () => {
    const variables = {
      KAFKA_BROKERS: 'kafka-1:9092, kafka-2.example.com:9093',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: AUTHORITY,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'vault',
      KAFKA_SASL_PASSWORD: 'true',
      DATABASE_URL: `postgresql://u:p@db/w?sslmode=verify-full&sslrootcert=${AUTHORITY}`,
      REDIS_URL: 'rediss://:secret@redis:6380/1',
      SOURCE_TOPIC: '42',
      SOURCE_TIME_ZONE: 'Europe/Moscow',
      PORT: '0',
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
      API_TOKEN: '12345',
    };
    expect(read(variables)).toMatchObject({ ...variables, KAFKA_SSL: true, PORT: 0 });
    expect(read({ KAFKA_SSL: 'false' }).KAFKA_SSL).toBe(false);
  });

  it('takes an empty variable for a missing one', () => {
    const empty = Object.fromEntries(Object.keys(read({ API_TOKEN: 'x' })).map((name) => [name, '']));
    expect({ ...read({ ...empty, ...needed }) }).toEqual({ ...read({}) });
    expect(refusalOf(empty)).toEqual(refusalOf({}));
  });

  it('names every variable that is missing in one message', () => {
    expect(refusalOf({}).toSorted()).toEqual([
      'DATABASE_URL is missing',
      'KAFKA_BROKERS is missing',
      'REDIS_URL is missing',
    ]);
    expect(refusalOf({ ...needed, KAFKA_SASL_MECHANISM: 'plain' }).toSorted()).toEqual([
      'KAFKA_SASL_PASSWORD is missing',
      'KAFKA_SASL_USERNAME is missing',
    ]);
  });

  it('names every variable that is malformed in one message, with its value unless that is a secret', () => {
    const lines = refusalOf({
      KAFKA_BROKERS: 'localhost',
      KAFKA_SSL: 'yes',
      KAFKA_SSL_CA: '/no/such/file.pem',
      KAFKA_SASL_MECHANISM: 'oauth',
      DATABASE_URL: 'mysql://user:password@localhost/db',
      REDIS_URL: 'http://:password@localhost:6379',
      SOURCE_TIME_ZONE: 'Mars/Phobos',
      PORT: '65536',
      LOG_LEVEL: 'verbose',
    });
    expect(lines.toSorted()).toEqual([
      `DATABASE_URL must be ${DATABASE_URLS}`,
      'KAFKA_BROKERS must be host:port, or several with commas between, got "localhost"',
      'KAFKA_SASL_MECHANISM must be plain, scram-sha-256 or scram-sha-512, got "oauth"',
      'KAFKA_SASL_PASSWORD is missing',
      'KAFKA_SASL_USERNAME is missing',
      'KAFKA_SSL must be true or false, got "yes"',
      'KAFKA_SSL_CA must be a file with a certificate (PEM) that can be read, got "/no/such/file.pem"',
      'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, got "verbose"',
      'PORT must be a port from 0 to 65535, got 65536',
      'REDIS_URL must be redis://host:port or rediss://host:port, redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/master',
      'SOURCE_TIME_ZONE must be a time zone such as Europe/Moscow, got "Mars/Phobos"',
    ]);
  });

  it.each([
    ['KAFKA_BROKERS', ['localhost:', ':9092', 'a:1,', 'a:1;b:2', 'a b:1', 'kafka://a:1', 'a:99999', 'a:0']],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      ['collector:4318', 'grpc://collector:4317', 'http://', 'http://u:p@collector:4318'],
    ],
    ['OTEL_TRACES_SAMPLER', ['on', 'jaeger_remote']],
    ['OTEL_TRACES_SAMPLER_ARG', ['2', '-1', '10%', '.5', '1e-3']],
    ['KAFKA_SSL', ['TRUE', '1', 'no', ' true']],
    ['KAFKA_SSL_CA', [tmpdir(), fileURLToPath(import.meta.url)]],
    [
      'DATABASE_URL',
      [
        'localhost',
        'postgres://localhost',
        'postgres://localhost/',
        'postgres:///db',
        'postgres://u:p@h:x/db',
        'postgres://u:p@h1,h2/db',
        'postgres://u:p@h1,h2:5432/db',
        'postgres://u:p@h1:5432,h2:5432/db',
        'postgres://u:100%@h/db',
      ],
    ],
    ['REDIS_URL', ['localhost:6379', 'redis://', 'redis://h:99999']],
    ['SOURCE_TIME_ZONE', ['+3', 'MSK+3', 'Europe/Moscow ']],
    ['PORT', ['-1', '3.5', '0x10', '1e3', 'http', '99999999999999999999']],
    ['LOG_LEVEL', ['INFO', 'none']],
  ])('refuses %s with any of %j', (name, values) => {
    for (const value of values) {
      expect([value, refusalOf({ ...needed, [name]: value })]).toEqual([
        value,
        [expect.stringMatching(new RegExp(`^${name} must be `)) as unknown],
      ]);
    }
  });

  it('names the file of certificates that DATABASE_URL asks for in vain, and not the password', () => {
    const url = 'postgres://user:secret@db/w?sslmode=verify-full&sslrootcert=/no/such/ca.pem';
    expect(refusalOf({ ...needed, DATABASE_URL: url })).toEqual([
      'DATABASE_URL must name as sslrootcert a file with a certificate (PEM) that can be read, got "/no/such/ca.pem"',
    ]);
  });

  it('shows no secret, whatever else is wrong', () => {
    const lines = refusalOf({
      DATABASE_URL: 'secret-1',
      REDIS_URL: 'secret-2',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_PASSWORD: 'secret-3',
      API_TOKEN: 'secret-4',
      PORT: 'x',
    });
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join()).not.toContain('secret');
  });
});
