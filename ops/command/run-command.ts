import { CommanderError, type Command } from 'commander';

/**
 * Runs what the command line asks for. Errors go to stderr.
 * @param failure exit code where the command was misused or could not be done
 */
export async function runCommand(command: Command, failure = 1): Promise<void> {
  try {
    await command.exitOverride().parseAsync();
  } catch (error) {
    // Commander has written its own errors already, and throws after a text of help too.
    const isCommander = error instanceof CommanderError;
    if (!isCommander) {
      console.error((error as Error).message);
    }
    process.exitCode = isCommander && error.exitCode === 0 ? 0 : failure;
  }
}
