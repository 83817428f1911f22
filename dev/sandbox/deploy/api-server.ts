import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keep } from '../../services/process-keeper';
import { cacheFolder, filledOnce } from '../../stack/download-cache';
import { freePorts } from '../../stack/free-ports';
import { lastLines, runToEnd } from '../../stack/run-to-end';
import { buildDependency } from './go-module';

const ETCD = '3.6.16';
const PATIENCE_MS = 120_000;

export interface Answer {
  status: number;
  /** What the server warns of, though it accepts it. */
  warnings: string[];
  body: { message?: string; status?: { conditions?: { type: string; status: string }[] | null } };
}

/** A real kube-apiserver with etcd, without nodes and controllers: it validates and admits, and runs nothing. */
export class ApiServer {
  private constructor(
    private readonly port: number,
    private readonly certificate: string,
    private readonly token: string,
    private readonly processes: ChildProcess[],
    private readonly folder: string,
  ) {}

  /**
   * @throws with the end of its log when it does not start. The first start builds both programs, which takes minutes.
   */
  static async start(version: string): Promise<ApiServer> {
    const etcd = await builtEtcd();
    const server = await builtServer(version);
    const folder = mkdtempSync(join(tmpdir(), 'order-vault-api-server-'));
    const [client, peer, port] = (await freePorts(3)) as [number, number, number];
    const token = randomBytes(16).toString('hex');
    writeFileSync(join(folder, 'tokens.csv'), `${token},release,release,system:masters\n`);
    const key = join(folder, 'accounts.key');
    await runToEnd('openssl', ['genrsa', '-out', key, '2048']);

    const processes = [
      launch(folder, join(etcd, 'etcd'), {
        'data-dir': join(folder, 'etcd'),
        'listen-client-urls': `http://127.0.0.1:${client}`,
        'advertise-client-urls': `http://127.0.0.1:${client}`,
        'listen-peer-urls': `http://127.0.0.1:${peer}`,
        'initial-advertise-peer-urls': `http://127.0.0.1:${peer}`,
        'initial-cluster': `default=http://127.0.0.1:${peer}`,
        'unsafe-no-fsync': 'true',
      }),
      launch(folder, join(server, 'kube-apiserver'), {
        'etcd-servers': `http://127.0.0.1:${client}`,
        'bind-address': '127.0.0.1',
        'secure-port': String(port),
        'cert-dir': folder,
        'token-auth-file': join(folder, 'tokens.csv'),
        'service-account-issuer': 'https://kubernetes.default.svc',
        'service-account-key-file': key,
        'service-account-signing-key-file': key,
        'service-cluster-ip-range': '10.0.0.0/24',
        'authorization-mode': 'RBAC',
      }),
    ];
    const api = new ApiServer(port, join(folder, 'apiserver.crt'), token, processes, folder);
    await api.untilReady();
    return api;
  }

  /** One request with JSON. Dry runs are validated and admitted like any other, and not stored. */
  async ask(method: string, path: string, body?: object): Promise<Answer> {
    const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
    return new Promise((resolve, reject) => {
      const message = request(
        {
          host: '127.0.0.1',
          port: this.port,
          ca: readFileSync(this.certificate),
          path,
          method,
          headers: {
            Authorization: `Bearer ${this.token}`,
            'Content-Type': type,
            Accept: 'application/json',
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () =>
            resolve({
              status: answer.statusCode!,
              warnings: [answer.headers.warning ?? []].flat(),
              body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { message: text },
            }),
          );
        },
      );
      message.on('error', reject);
      message.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async stop(): Promise<void> {
    for (const child of this.processes.toReversed()) {
      child.kill('SIGKILL');
    }
    await pause(200);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const ready = existsSync(this.certificate) && (await this.ask('GET', '/readyz').catch(() => undefined));
      if (ready && ready.status === 200) {
        return;
      }
      const ended = this.processes.find(
        ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null,
      );
      if (ended || Date.now() > deadline) {
        const log = lastLines(readFileSync(join(this.folder, 'log'), 'utf8'));
        await this.stop();
        throw new Error(
          `The API server did not start: ${ended ? `${ended.spawnfile} has ended` : 'not ready'}\n${log}`,
        );
      }
      await pause(300);
    }
  }
}

function builtEtcd(): Promise<string> {
  const module = 'go.etcd.io/etcd/server/v3';
  return filledOnce(cacheFolder(`etcd-${ETCD}`), (draft) =>
    buildDependency(`${module}@v${ETCD}`, module, join(draft, 'etcd')),
  );
}

/** It refuses to start without a version, which its own makefile would set. */
function builtServer(version: string): Promise<string> {
  const [major, minor] = version.split('.');
  const flags = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  return filledOnce(cacheFolder(`kube-apiserver-${version}`), (draft) =>
    buildDependency(
      `k8s.io/kubernetes@v${version}`,
      'k8s.io/kubernetes/cmd/kube-apiserver',
      join(draft, 'kube-apiserver'),
      Object.entries(flags)
        .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
        .join(' '),
    ),
  );
}

function launch(folder: string, file: string, options: Record<string, string>): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(file, args, { cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  keep(child);
  return child;
}
