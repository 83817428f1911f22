import { Injectable } from '@nestjs/common';
import { secondsSince } from '@app/values/local-time';
import { freshnessSeconds } from './service-metrics';

/** One state of an order. */
export interface SeenVersion {
  orderId: string;
  version: string;
}

/** The newest order version that this process has stored. The handler notes it, the state of the service shows it. */
@Injectable()
export class NewestVersion {
  newest?: SeenVersion & { at: Date };

  /** @param zone of the source's times */
  constructor(private readonly zone: string) {}

  /** To be called when those of a batch are durable. Texts of versions sort from older to newer. */
  see([first, ...others]: readonly SeenVersion[]): void {
    if (!first) {
      return;
    }
    const { orderId, version } = others.reduce(
      (newest, one) => (newest.version < one.version ? one : newest),
      first,
    );
    const at = new Date();
    const [, sentAt = ''] = version.split('|');
    freshnessSeconds.observe(Math.max(0, secondsSince(sentAt, at, this.zone)));
    if (!this.newest || this.newest.version < version) {
      this.newest = { orderId, version, at };
    }
  }
}
