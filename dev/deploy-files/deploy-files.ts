import { fileURLToPath } from 'node:url';
import { formatPage } from '../data-model/format-page';
import { composeAlerts } from './compose-alerts';
import { strimziTopics, strimziUsers } from './strimzi';
import { terraformTables } from './terraform';

/** The files of deploy/ that are made, by their names there, and what makes each. */
const makers: Record<string, () => string> = {
  'compose/alerts.yaml': composeAlerts,
  'strimzi/topics.yaml': strimziTopics,
  'strimzi/users.yaml': strimziUsers,
  'terraform/tables.tf.json': terraformTables,
};

const deploy = new URL('../../deploy/', import.meta.url);

/** What each of the files has to hold. */
export function deployFiles(): Promise<[name: string, text: string][]> {
  return Promise.all(
    Object.entries(makers).map(async ([name, make]): Promise<[string, string]> => {
      const text = make();
      return [name, await formatPage(text, name.endsWith('.json') ? 'json' : 'yaml')];
    }),
  );
}

export function placeOf(name: string): string {
  return fileURLToPath(new URL(name, deploy));
}
