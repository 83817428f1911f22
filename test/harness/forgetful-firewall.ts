import { execFileSync } from 'node:child_process';

/**
 * A firewall that forgets connections: packets of those that there are reach nobody, in neither direction. Needs
 * `iptables` and root.
 */
export class ForgetfulFirewall {
  private readonly rules: string[][] = [];

  /** Forgets what a process has open to a port of this machine; connections that it makes later go through. */
  forget(pid: number, port: number): number {
    const ports = connectionsOf(pid, port);
    for (const own of ports) {
      this.add(['--protocol', 'tcp', '--sport', own, '--dport', String(port)]);
      this.add(['--protocol', 'tcp', '--sport', String(port), '--dport', own]);
    }
    return ports.length;
  }

  /** Removes its rules again. */
  open(): void {
    for (const rule of this.rules.splice(0)) {
      iptables('--delete', rule);
    }
  }

  private add(rule: string[]): void {
    iptables('--insert', rule);
    this.rules.push(rule);
  }
}

function iptables(what: '--insert' | '--delete', rule: string[]): void {
  execFileSync('iptables', ['--wait', what, 'INPUT', '--in-interface', 'lo', ...rule, '--jump', 'DROP']);
}

/** The local ports of its connections, as `ss` lists them. */
function connectionsOf(pid: number, port: number): string[] {
  const lines = execFileSync('ss', ['-Htnp', 'state', 'established', `( dport = :${port} )`], {
    encoding: 'utf8',
  }).split('\n');
  return lines
    .filter((line) => line.includes(`pid=${pid},`))
    .flatMap((line) => /127\.0\.0\.1\]?:(\d+)\s/.exec(line)?.[1] ?? []);
}
