import { readFileSync } from 'node:fs';
import { kubernetesVersions } from '../sandbox/deploy/deploy-tools';
import { drawBadge } from './draw-badge';

const root = new URL('../../', import.meta.url);

/** Pictures of the checkout itself: no reader of the README is reported to anybody. */
export function badges(): [name: string, picture: string][] {
  const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
  const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
  const [node] = read('.nvmrc').split('.');
  const [oldest = ''] = kubernetesVersions;
  return [
    ['release', drawBadge('release', version)],
    ['license', drawBadge('license', license)],
    ['node', drawBadge('Node', node!)],
    ['kubernetes', drawBadge('Kubernetes', `${oldest.split('.').slice(0, 2).join('.')} or newer`)],
  ];
}

export function placeOf(name: string): URL {
  return new URL(`docs/images/badge-${name}.svg`, root);
}
