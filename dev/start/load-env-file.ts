import { readEnvFile } from './env-file';

/*
 * Imported by `tsx --import` before the commands that development runs against servers: they get the variables of
 * `.env`. What the shell has set stays.
 */
Object.assign(process.env, { ...readEnvFile(), ...process.env });
