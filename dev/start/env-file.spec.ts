import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { getMetadataStorage } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { readEnvironment, type ServiceEnvironment } from '@app/service/environment';
import { CdmEnvironment } from '../../apps/cdm/src/environment/cdm.environment';
import { DdsEnvironment } from '../../apps/dds/src/environment/dds.environment';
import { StgEnvironment } from '../../apps/stg/src/environment/stg.environment';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const environments = [StgEnvironment, DdsEnvironment, CdmEnvironment];

/** The driver of PostgreSQL takes it where DATABASE_URL has no password. */
const readByDriver = 'PGPASSWORD';

/** What the example says of each variable: the lines of text above it, and the value behind its name. */
const entries = new Map(
  Array.from(
    example.matchAll(/((?:^# .*\n)+)^#([A-Z_]+)=(.*)$/gm),
    ([, text = '', name = '', value = '']): [string, { text: string; value: string }] => [
      name,
      { text: text.replaceAll('\n# ', ' '), value },
    ],
  ),
);

function variablesOf(environment: new () => ServiceEnvironment): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(environment, '', false, false);
  return rules.map(({ propertyName }) => propertyName);
}

describe('.env.example', () => {
  it('has every variable of the services, and no other', () => {
    const known = new Set([...environments.flatMap(variablesOf), readByDriver]);
    expect([...entries.keys()].sort()).toEqual([...known].sort());
  });

  it.each(environments)('gives the defaults of %o', (environment) => {
    const defaults = Object.entries(new environment()).filter(([, standard]) => standard !== undefined);
    const missing = defaults.filter(
      ([name, standard]) => !entries.get(name)!.text.includes(String(standard)),
    );
    expect(missing).toEqual([]);
  });

  it.each(environments)('without its # can be used by %o', (environment) => {
    const variables = parseEnv(example.replaceAll(/^#(?=[A-Z])/gm, ''));
    const { LOG_LEVEL, KAFKA_BROKERS } = readEnvironment<ServiceEnvironment>(environment, variables);
    expect({ LOG_LEVEL, KAFKA_BROKERS }).toEqual({ LOG_LEVEL: 'info', KAFKA_BROKERS: '127.0.0.1:9092' });
  });

  it('sets nothing as it is', () => {
    expect(parseEnv(example)).toEqual({});
  });
});
