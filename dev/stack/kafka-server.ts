import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { cacheFolder, filledOnce } from './download-cache';
import { fromMappedClasses } from './kafka-classes';
import { javaVersion } from './java-version';
import { copyDependencies, mavenIsMissing } from './maven';
import type { Server } from './server';
import { environmentOf } from './stack.environment';
import type { Stack, StackSecurity } from './stack-state';

export const kafkaVersion = '4.3.1';

/** Apache Kafka, one node that is broker and controller (KRaft). */
export const kafka: Server = {
  name: 'kafka',
  title: 'Kafka',
  stopSignal: 'SIGTERM',
  identity: properties,

  async prepare(stack) {
    writeFileSync(properties(stack), serverProperties(stack));
    writeFileSync(join(folder(stack), 'log4j2.properties'), logging);
    if (stack.security) {
      writeCertificates(stack, stack.security);
    }
    const cluster = Buffer.from(`stack-${stack.name}`.padEnd(16).slice(0, 16)).toString('base64url');
    const format = [
      'format',
      '--standalone',
      '--cluster-id',
      cluster,
      '--config',
      properties(stack),
      ...scramUsers(stack),
    ];
    return [
      {
        file: 'java',
        args: [...(await java(stack)), 'kafka.tools.StorageTool', ...format],
        folder: folder(stack),
      },
    ];
  },

  async command(stack) {
    return {
      file: 'java',
      args: [...(await java(stack)), 'kafka.Kafka', properties(stack)],
      folder: folder(stack),
    };
  },

  /**
   * Usable is more than reachable: in a new cluster the topic of the group offsets is only created at the first
   * question for a group, and until its partitions are loaded consumers are answered "coordinator not available".
   */
  async probe(stack) {
    const client = new Kafka({
      clientId: 'stack',
      brokers: [environmentOf(stack).KAFKA_BROKERS],
      ...credentials(stack),
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      retry: { retries: 0 },
    });
    const admin = client.admin();
    try {
      await admin.connect();
      await admin.fetchTopicMetadata(); // throws while a partition has no leader, as after a crash
      await admin.describeGroups(groupOfEachOffsetsPartition);
    } finally {
      await admin.disconnect();
    }
  },
};

/** What is missing to run Kafka here, or undefined. */
export function kafkaIsMissing(): string | undefined {
  const version = javaVersion();
  if (!version) {
    return 'there is no working `java` on the PATH';
  }
  const [, major] = /version "(\d+)/.exec(version) ?? [];
  if (Number(major) < 17) {
    return `the \`java\` on the PATH is version ${major}`;
  }
  return existsSync(downloads()) ? undefined : mavenIsMissing();
}

const offsetsPartitions = 3;

/**
 * Kafka maps a group to a partition by the hash code of its name: that of one character is its code, here 97, 98, 99.
 */
const groupOfEachOffsetsPartition = ['a', 'b', 'c'];

function folder(stack: Stack): string {
  return join(stack.folder, 'kafka');
}

function properties(stack: Stack): string {
  return join(folder(stack), 'server.properties');
}

function downloads(version = kafkaVersion): string {
  return cacheFolder(`kafka-${version}`);
}

/** The folder with Kafka's own programs and clients, filled when it is first asked for. */
export function kafkaJars(version = kafkaVersion): Promise<string> {
  return filledOnce(downloads(version), (draft) => {
    console.error(`Downloading Kafka ${version}, once: 45 MB`);
    return copyDependencies(pom(version), draft);
  });
}

async function java(stack: Stack): Promise<string[]> {
  const version = stack.releases?.kafka ?? kafkaVersion;
  const jars = await kafkaJars(version);
  return [
    '-Xms128m',
    '-Xmx512m',
    '-XX:TieredStopAtLevel=1', // starts in two thirds of the time; peak speed is of no matter here
    fromMappedClasses(version),
    '-XX:+ExitOnOutOfMemoryError',
    `-Dlog4j2.configurationFile=${join(folder(stack), 'log4j2.properties')}`,
    '-cp',
    join(jars, '*'),
  ];
}

function serverProperties(stack: Stack): string {
  const { kafka: port, kafkaController: controllerPort } = stack.ports;
  const protocol = stack.security ? 'SASL_SSL' : 'PLAINTEXT';
  return `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
listeners=${protocol}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=${protocol}://${environmentOf(stack).KAFKA_BROKERS}
inter.broker.listener.name=${protocol}
controller.listener.names=CONTROLLER
listener.security.protocol.map=${protocol}:${protocol},CONTROLLER:PLAINTEXT
${stack.security ? securityProperties(stack.security) : ''}
# Below the working folder: Java would misread a path with letters other than Latin ones here.
log.dirs=data

auto.create.topics.enable=false
num.partitions=1
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=${offsetsPartitions}
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
# A transaction of which nothing comes any more is ended at its timeout, and not up to ten seconds later.
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0

# A killed broker is taken back when its old session has ended.
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000

log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=16777216
`;
}

/** The controller is reached by the broker alone, as ANONYMOUS. Paths are below the working folder, as above. */
function securityProperties({ kafkaUsers }: StackSecurity): string {
  return `
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
  username="admin" password="${kafkaUsers.admin}";
ssl.keystore.type=PEM
ssl.keystore.location=server.pem
ssl.truststore.type=PEM
ssl.truststore.location=authority.pem
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
`;
}

function writeCertificates(stack: Stack, { authority, certificate, key }: StackSecurity): void {
  const text = (file: string) => readFileSync(file, 'utf8');
  writeFileSync(join(folder(stack), 'authority.pem'), text(authority));
  writeFileSync(join(folder(stack), 'server.pem'), `${text(key)}\n${text(certificate)}`, { mode: 0o600 });
}

function scramUsers({ security }: Stack): string[] {
  return Object.entries(security?.kafkaUsers ?? {}).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${name},password=${password}]`,
  ]);
}

function credentials({ security }: Stack): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  if (!security) {
    return {};
  }
  return {
    ssl: { ca: readFileSync(security.authority, 'utf8') },
    sasl: { mechanism: 'scram-sha-512', username: 'admin', password: security.kafkaUsers.admin },
  };
}

const logging = `
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{yyyy-MM-dd HH:mm:ss,SSS} %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server
logger.server.level=info
`;

/** Kafka leaves the choice of a logger to who runs it; without one it is silent, also about why it doesn't start. */
const pom = (version: string) => `
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>order-vault</groupId>
  <artifactId>stack</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.4</version>
    </dependency>
  </dependencies>
</project>
`;
