import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { roles, type Role } from '@app/contracts/api-roles';
import { nameProblem, newApiUser } from '../apps/cdm/src/environment/api-users';

export function apiUserCommand(command: Command): void {
  command
    .description(
      'Makes a token for a person, and the line of the file API_USERS that lets it in. ' +
        'The line goes to stdout, the token to stderr: order-vault api-user Olga --role editor >> FILE. ' +
        'The token is kept nowhere; for another one, replace the line.',
    )
    .addArgument(new Argument('<name>', 'of the person, unique in the file').argParser(userName))
    .addOption(
      new Option(
        '--role <role>',
        'viewer: rules and previews, without persons; analyst: users too; editor: changes rules; operator: replays and discards, too',
      )
        .choices(roles)
        .makeOptionMandatory(),
    )
    .action((name: string, { role }: { role: Role }) => {
      const { line, token } = newApiUser({ name, role });
      console.log(line);
      console.error(`token of ${name}, shown only now: ${token}`);
    });
}

function userName(given: string): string {
  const problem = nameProblem(given);
  if (problem) {
    throw new InvalidArgumentError(problem);
  }
  return given;
}
