import type { Contract } from './validate';

const personalMembers = new Map<object, Set<string>>();

/** A text that can be personal data. Of a user who is forgotten, staging keeps `[forgotten]` in its place. */
export function Personal(): PropertyDecorator {
  return (target, property) => {
    const members = personalMembers.get(target.constructor) ?? new Set<string>();
    personalMembers.set(target.constructor, members.add(String(property)));
  };
}

export function personalMembersOf(contract: Contract<object>): ReadonlySet<string> {
  return personalMembers.get(contract) ?? new Set<string>();
}
