/**
 * What a user of the API may do; each role may do all that those before it may. _viewer_: read rules, previews and
 * findings without persons; _analyst_: audiences, the tags of a user, orders and their messages; _editor_: change
 * rules; _operator_: replay and discard what was refused or waits.
 */
export const roles = ['viewer', 'analyst', 'editor', 'operator'] as const;

export type Role = (typeof roles)[number];

/** Whether a role may do what another may. The page of the dashboard imports this file, so it imports nothing. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
