import { Command } from 'commander';
import { runCommand } from './command/run-command';

interface OrderVaultCommand {
  summary: string;
  /** Loads the code of this command alone, and describes it. */
  define: () => Promise<(command: Command) => void>;
  /** Exit code where it was misused or could not be done. Default: 1 */
  failure?: number;
}

const commands: Record<string, OrderVaultCommand> = {
  migrate: {
    summary: 'bring the schemas of the warehouse up to date',
    define: async () => (await import('./migrate/migrate-command')).migrateCommand,
  },
  distribute: {
    summary: 'spread the tables of a new warehouse over the nodes of a distributed PostgreSQL',
    define: async () => (await import('./distribute/distribute-command')).distributeCommand,
  },
  topics: {
    summary: 'create the topics that are missing',
    define: async () => (await import('./topics/topics-command')).topicsCommand,
  },
  reconcile: {
    summary: 'compare the layers of the warehouse with each other',
    define: async () => (await import('./reconcile/reconcile-command')).reconcileCommand,
    failure: 2,
  },
  rebuild: {
    summary: 'make a layer of the warehouse again from the one before',
    define: async () => (await import('./rebuild/rebuild-command')).rebuildCommand,
    failure: 2,
  },
  'dead-letters': {
    summary: 'list, show and replay messages that a service refused',
    define: async () => (await import('./dead-letters/dead-letters-command')).deadLettersCommand,
  },
  trace: {
    summary: 'show the life of one order: versions, layers, marts, refusals',
    define: async () => (await import('./trace/trace-command')).traceCommand,
  },
  parked: {
    summary: 'list, retry and discard orders that wait for the dictionary',
    define: async () => (await import('./parked/parked-command')).parkedCommand,
  },
  forget: {
    summary: 'blank name and login of a user',
    define: async () => (await import('./forget/forget-command')).forgetCommand,
  },
  'api-user': {
    summary: 'make a line of API_USERS, with a token for a person',
    define: async () => (await import('./api-user-command')).apiUserCommand,
  },
  'health-check': {
    summary: 'say by the exit code whether the service of this container is ready',
    define: async () => (await import('./health-check-command')).healthCheckCommand,
  },
};

const program = new Command('order-vault')
  .description(
    'What an operator of Order Vault runs. Each command explains itself: order-vault COMMAND --help',
  )
  .helpCommand(false)
  .exitOverride();
const asked = process.argv[2] ?? '';
for (const [name, { summary, define }] of Object.entries(commands)) {
  const command = program.command(name).summary(summary);
  if (name === asked) {
    (await define())(command);
  }
}

// Process 1 of a container ignores a signal that nobody listens to. What is not done yet is done by the next run.
process.once('SIGTERM', () => process.exit(143));

await runCommand(program, commands[asked]?.failure);
