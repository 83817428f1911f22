import { isAtLeast, type Role } from '@app/contracts/api-roles';

/** Whose token the page has. */
export interface Caller {
  name: string;
  role: Role;
}

/** @param caller undefined while it is not known */
export function mayAs(needed: Role, caller: Caller | undefined): boolean {
  return caller !== undefined && isAtLeast(caller.role, needed);
}
