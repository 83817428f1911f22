import { expect, it } from 'vitest';
import { isAtLeast, roles } from './api-roles';

it('lets each role do what the ones before it may', () => {
  expect(roles.filter((role) => isAtLeast(role, 'editor'))).toEqual(['editor', 'operator']);
});
