import { Client } from 'pg';

const groups = {
  stg: 'stg_service',
  dds: 'dds_service',
  cdm: 'cdm_service',
  operator: 'warehouse_operator',
} as const;

/** The services, each with a login of its own. */
export type Login = keyof typeof groups;

const logins = Object.keys(groups) as Login[];
const PASSWORD = 'order_vault';

/**
 * Logins for the services and operator tools of a local server, each in the role that the migration grants privileges
 * to. They belong to the whole server, and are made where they are missing.
 * @param databaseUrl of an administrator
 * @returns the address of the same database for each
 */
export async function serviceLogins(databaseUrl: string): Promise<Record<Login, string>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const login of logins) {
      await client.query(createRole(groups[login], 'NOLOGIN'));
      await client.query(createRole(roleOf(login), `LOGIN PASSWORD '${PASSWORD}' IN ROLE ${groups[login]}`));
    }
  } finally {
    await client.end();
  }
  return Object.fromEntries(logins.map((login) => [login, urlOf(login, databaseUrl)])) as Record<
    Login,
    string
  >;
}

/** Another process may be making it at this moment. */
function createRole(name: string, options: string): string {
  return /* sql */ `
    DO $$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN
        CREATE ROLE ${name} ${options};
      END IF;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
    END
    $$`;
}

function roleOf(login: Login): string {
  return `order_vault_${login}`;
}

function urlOf(login: Login, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  [url.username, url.password] = [roleOf(login), PASSWORD];
  return url.href;
}
