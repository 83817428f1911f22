import { getMetadataStorage, IsIn, IsOptional, ValidateBy, ValidateIf, validateSync } from 'class-validator';
import type { KafkaEnvironment } from '@app/kafka/kafka-client';
import { parseRedisUrl, REDIS_URLS } from '@app/redis/parse-redis-url';
import { DATABASE_URLS, isDatabaseUrl } from '@app/warehouse/database-url';
import { samplers, type SamplerName, type TracingSettings } from '@app/tracing/tracing';
import { isCertificateFile } from './is-certificate-file';

/** A rule whose message completes the sentence "VARIABLE ...". */
function rule(name: string, must: string, holds: (value: unknown) => boolean): () => PropertyDecorator {
  return () => ValidateBy({ name, validator: { validate: holds, defaultMessage: () => `must be ${must}` } });
}

/** The driver would look for a host whose name is the whole list. */
function isOneServer(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname !== '' && !hostname.includes(',');
}

function authorityOf(url: unknown): string | null {
  return typeof url === 'string' && isDatabaseUrl(url) ? new URL(url).searchParams.get('sslrootcert') : null;
}

function isHostAndPort(text: string): boolean {
  const [, port = '0'] = /^\s*[^\s:]+:(\d+)\s*$/.exec(text) ?? [];
  return Number(port) > 0 && Number(port) <= 65_535;
}

export const IsName = rule(
  'isName',
  'a text that is not empty',
  (value) => typeof value === 'string' && value !== '',
);
export const IsBrokerList = rule(
  'isBrokerList',
  'host:port, or several with commas between',
  (value) => typeof value === 'string' && value.split(',').every(isHostAndPort),
);
export const IsFlag = rule('isFlag', 'true or false', (value) => typeof value === 'boolean');
export const IsCertificateFile = rule(
  'isCertificateFile',
  'a file with a certificate (PEM) that can be read',
  (value) => typeof value === 'string' && isCertificateFile(value),
);
export const IsDatabaseUrl = rule(
  'isDatabaseUrl',
  DATABASE_URLS,
  (value) => typeof value === 'string' && isDatabaseUrl(value) && isOneServer(value),
);
/** The rest of the URL holds a password, and is not repeated. */
export const NamesCertificateFile = () =>
  ValidateBy({
    name: 'namesCertificateFile',
    validator: {
      validate: (value) => authorityOf(value) === null || isCertificateFile(authorityOf(value)!),
      defaultMessage: (context) =>
        `must name as sslrootcert a file with a certificate (PEM) that can be read, got "${authorityOf(context?.value)}"`,
    },
  });
export const IsRedisUrl = rule(
  'isRedisUrl',
  REDIS_URLS,
  (value) => typeof value === 'string' && parseRedisUrl(value) !== undefined,
);
export const IsHttpUrl = rule(
  'isHttpUrl',
  'a URL such as http://collector:4318, without a password',
  (value) => typeof value === 'string' && /^https?:\/\/[^/?#@]+[^@]*$/.test(value) && URL.canParse(value),
);
export const IsShare = rule(
  'isShare',
  'a number from 0 to 1',
  (value) => typeof value === 'string' && /^(0(\.\d+)?|1(\.0+)?)$/.test(value),
);
export const IsTimeZone = rule('isTimeZone', 'a time zone such as Europe/Moscow', (value) => {
  try {
    return (
      typeof value === 'string' &&
      Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
});
export const IsPort = rule(
  'isPort',
  'a port from 0 to 65535',
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535,
);

/**
 * What every service reads from its environment. A subclass adds its own variables, and the defaults of topics, group
 * and port.
 */
export abstract class ServiceEnvironment implements KafkaEnvironment, TracingSettings {
  @IsBrokerList() KAFKA_BROKERS!: string;
  @IsFlag() KAFKA_SSL: boolean = false;
  @IsOptional() @IsCertificateFile() KAFKA_SSL_CA?: string;
  @IsOptional()
  @IsIn(['plain', 'scram-sha-256', 'scram-sha-512'], {
    message: 'must be plain, scram-sha-256 or scram-sha-512',
  })
  KAFKA_SASL_MECHANISM?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  @ValidateIf(usesSasl) @IsName() KAFKA_SASL_USERNAME?: string;
  @ValidateIf(usesSasl) @IsName() KAFKA_SASL_PASSWORD?: string;
  @IsDatabaseUrl() @NamesCertificateFile() DATABASE_URL!: string;
  @IsName() SOURCE_TOPIC!: string;
  @IsName() OUTPUT_TOPIC!: string;
  @IsName() DEAD_LETTER_TOPIC!: string;
  @IsName() KAFKA_GROUP_ID!: string;
  /**
   * `user`: the partition of an order follows from the place of its user on a distributed PostgreSQL. Left out: from
   * the key, as all clients of Kafka choose it.
   */
  @IsOptional() @IsIn(['user'], { message: 'must be user, or be left out' }) PARTITION_BY?: 'user';
  @IsTimeZone() SOURCE_TIME_ZONE: string = 'UTC';
  @IsPort() PORT!: number;
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    message: 'must be fatal, error, warn, info, debug, trace or silent',
  })
  LOG_LEVEL: string = 'info';
  /** Where spans are sent, by OTLP over HTTP. Left out: there are no traces. */
  @IsOptional() @IsHttpUrl() OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  @IsIn(samplers, { message: `must be ${samplers.slice(0, -1).join(', ')} or ${samplers.at(-1)}` })
  OTEL_TRACES_SAMPLER: SamplerName = 'parentbased_always_on';
  /** The share of traces that the samplers of a ratio take. */
  @IsShare() OTEL_TRACES_SAMPLER_ARG: string = '1';
}

function usesSasl(environment: ServiceEnvironment): boolean {
  return environment.KAFKA_SASL_MECHANISM !== undefined;
}

/** Their values are not repeated in error messages. */
const secrets = [
  'DATABASE_URL',
  'STG_DATABASE_URL',
  'DDS_DATABASE_URL',
  'REDIS_URL',
  'KAFKA_SASL_PASSWORD',
  'API_TOKEN',
];

/**
 * The variables as an instance of the class; an empty variable counts as missing.
 * @throws Error with one line for every variable that is missing or malformed
 */
export function readEnvironment<T extends ServiceEnvironment>(
  environment: new () => T,
  variables: NodeJS.ProcessEnv,
): T {
  const instance = new environment();
  const rules = getMetadataStorage().getTargetValidationMetadatas(environment, '', false, false);
  for (const name of new Set(rules.map((metadata) => metadata.propertyName))) {
    const text = variables[name];
    if (text !== undefined && text !== '') {
      Object.assign(instance, { [name]: converted(text, instance[name as keyof T]) });
    }
  }
  const errors = validateSync(instance);
  if (errors.length > 0) {
    const lines = errors.map(({ property, value, constraints = {} }) =>
      value === undefined
        ? `  ${property} is missing`
        : `  ${property} ${Object.values(constraints)[0]}${secrets.includes(property) ? '' : `, got ${JSON.stringify(value)}`}`,
    );
    throw new Error(`the environment cannot be used:\n${lines.join('\n')}`);
  }
  return instance;
}

/** As the type of the default; what does not convert stays text, and a rule refuses it. */
function converted(text: string, standard: unknown): unknown {
  if (typeof standard === 'number') {
    return /^\d+$/.test(text) ? Number(text) : text;
  }
  if (typeof standard === 'boolean') {
    return text === 'true' ? true : text === 'false' ? false : text;
  }
  return text;
}
