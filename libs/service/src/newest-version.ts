import { Injectable } from '@nestjs/common';

/** One state of an order. */
export interface SeenVersion {
  objectId: string;
  version: string;
}

/** The newest order version that this process has stored. The handler tells it, the state of the service shows it. */
@Injectable()
export class NewestVersion {
  newest?: SeenVersion & { at: Date };

  /** To be called when they are durable. Texts of versions sort from older to newer. */
  see(stored: readonly SeenVersion[]): void {
    for (const { objectId, version } of stored) {
      if (!this.newest || this.newest.version < version) {
        this.newest = { objectId, version, at: new Date() };
      }
    }
  }
}
