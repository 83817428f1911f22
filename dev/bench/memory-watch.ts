import type { LocalService, ServiceName } from '../services/local-services';
import { residentMemory } from '../stack/process-table';

/** The most memory of each service; looked at all the time, for systems that only know the present. */
export class MemoryWatch {
  private readonly peaks = new Map<ServiceName, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly services: LocalService[]) {
    this.timer = setInterval(() => this.look(), 1_000);
  }

  peak(name: ServiceName): number {
    this.look();
    return this.peaks.get(name)!;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const { name, process: service } of this.services) {
      if (service.exitCode === null && service.signalCode === null) {
        this.peaks.set(name, Math.max(this.peaks.get(name) ?? 0, residentMemory(service.pid!)));
      }
    }
  }
}
