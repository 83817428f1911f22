import { describe, expect, it } from 'vitest';
import { databaseOf, databasesOf } from './databases';

const url = (name: string) => `postgres://owner@${name}/order_vault`;

describe('the databases of layers', () => {
  it('are one where only DATABASE_URL is set', () => {
    const variables = { DATABASE_URL: url('all'), STG_DATABASE_URL: '' };
    expect(databasesOf(variables)).toEqual([{ variable: 'DATABASE_URL', url: url('all') }]);
    expect(databaseOf(variables, 'stg')).toEqual({ variable: 'DATABASE_URL', url: url('all') });
  });

  it('are those of layers with a server of their own, and DATABASE_URL for the others, each once', () => {
    const two = { DATABASE_URL: url('rest'), DDS_DATABASE_URL: url('vault'), CDM_DATABASE_URL: url('rest') };
    expect(databasesOf(two)).toEqual([
      { variable: 'DATABASE_URL', url: url('rest') },
      { variable: 'DDS_DATABASE_URL', url: url('vault') },
    ]);
    const three = {
      STG_DATABASE_URL: url('a'),
      DDS_DATABASE_URL: url('b'),
      CDM_DATABASE_URL: url('c'),
      DATABASE_URL: url('unused'),
    };
    expect(databasesOf(three).map((one) => one.url)).toEqual([url('a'), url('b'), url('c')]);
  });

  it('name the variable that is missing', () => {
    expect(databaseOf({ STG_DATABASE_URL: url('a') }, 'cdm')).toEqual({
      variable: 'DATABASE_URL',
      url: undefined,
    });
  });
});
