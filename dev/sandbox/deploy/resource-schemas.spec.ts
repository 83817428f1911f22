import { describe, expect, it } from 'vitest';
import { schemasOfCustomResource, schemasOfKubernetes } from './resource-schemas';

const text = { type: 'string' };

describe('schemasOfKubernetes', () => {
  const pod = { group: '', version: 'v1', kind: 'Pod' };
  const definitions = {
    Pod: {
      properties: { metadata: { $ref: '#/definitions/Meta' }, port: { $ref: '#/definitions/Port' } },
      'x-kubernetes-group-version-kind': [pod],
    },
    PodList: {
      properties: { metadata: {}, items: { items: { $ref: '#/definitions/Pod' } } },
      'x-kubernetes-group-version-kind': [{ ...pod, kind: 'PodList' }],
    },
    Port: { properties: { format: { type: 'integer', format: 'int32' } } },
    Meta: { properties: { labels: { additionalProperties: text }, owner: { $ref: '#/definitions/Meta' } } },
    Unused: {},
  };

  it('makes one for each kind that is no list, with the definitions that it needs', () => {
    const schemas = schemasOfKubernetes({ definitions });
    expect([...schemas.keys()]).toEqual(['pod_v1_v1.json']);
    expect(Object.keys(schemas.get('pod_v1_v1.json')!.definitions!)).toEqual(['Meta', 'Port']);
  });

  it('refuses fields that are not described, but not the keys of a map', () => {
    const schema = schemasOfKubernetes({ definitions }).get('pod_v1_v1.json')!;
    expect(schema.additionalProperties).toBe(false);
    expect(schema.definitions).toEqual({
      Meta: { ...definitions.Meta, additionalProperties: false },
      Port: { properties: { format: { type: 'integer' } }, additionalProperties: false },
    });
  });

  it('takes quantities and ports as numbers too', () => {
    const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
    const schema = schemasOfKubernetes({
      definitions: {
        Pod: {
          properties: { metadata: {}, memory: { $ref: `#/definitions/${quantity}` } },
          'x-kubernetes-group-version-kind': [pod],
        },
        [quantity]: text,
      },
    }).get('pod_v1_v1.json');
    expect(schema!.definitions![quantity]).toEqual({ type: ['string', 'number'] });
  });
});

describe('schemasOfCustomResource', () => {
  it('makes one for each version, and leaves open what is open', () => {
    const open = { properties: { known: text }, 'x-kubernetes-preserve-unknown-fields': true };
    const port = { anyOf: [{ type: 'integer' }, text], 'x-kubernetes-int-or-string': true };
    const schemas = schemasOfCustomResource({
      spec: {
        group: 'example.com',
        names: { kind: 'Thing' },
        versions: [{ name: 'v2', schema: { openAPIV3Schema: { properties: { open, port } } } }],
      },
    });
    expect(Object.fromEntries(schemas)).toEqual({
      'thing_example.com_v2.json': {
        properties: { open, port: { type: ['string', 'integer'] } },
        additionalProperties: false,
      },
    });
  });
});
