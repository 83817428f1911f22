import { Injectable, Logger } from '@nestjs/common';
import type { Role } from '@app/contracts/api-roles';
import { digestOf, readApiUsers, type ApiUsers } from '../environment/api-users';
import { CdmEnvironment } from '../environment/cdm.environment';

/** For what is made with `API_TOKEN`. */
export const API_NAME = 'api';

/** Of a request with a token. The holder of `API_TOKEN` is an operator without a name. */
export interface Caller {
  name?: string;
  role: Role;
}

/** For so long the file of users is taken to be as it was read, in milliseconds. */
const KNOWN_MS = 1_000;

/**
 * Knows callers by their tokens: those of `API_USERS`, whose file is read again while requests come, and `API_TOKEN`.
 * Only digests are compared, so how long that takes says nothing of a token.
 */
@Injectable()
export class Callers {
  private readonly logger = new Logger('api users');
  private readonly tokenDigest?: string;
  private readonly path?: string;
  private users: ApiUsers = new Map();
  /** As of `performance.now()`. */
  private readAt = -Infinity;
  private problem?: string;

  constructor({ API_TOKEN, API_USERS }: CdmEnvironment) {
    // Headers are a character a byte.
    this.tokenDigest = API_TOKEN && digestOf(Buffer.from(API_TOKEN, 'utf8').toString('latin1'));
    this.path = API_USERS;
  }

  /** Whether any token opens anything. */
  get areAny(): boolean {
    return this.tokenDigest !== undefined || this.path !== undefined;
  }

  /**
   * A user stays that user where `API_TOKEN` is the same.
   * @param token as Node reads headers, a character a byte
   * @returns undefined where it is nobody's
   */
  of(token: string): Caller | undefined {
    const digest = digestOf(token);
    const user = this.knownUsers().get(digest);
    return user ?? (digest === this.tokenDigest ? { role: 'operator' } : undefined);
  }

  /** A file that cannot be used changes nothing: those who were let in still are. */
  private knownUsers(): ApiUsers {
    const now = performance.now();
    if (this.path !== undefined && now - this.readAt >= KNOWN_MS) {
      this.readAt = now;
      try {
        this.users = readApiUsers(this.path);
        this.problem = undefined;
      } catch (error) {
        this.complainOnce((error as Error).message);
      }
    }
    return this.users;
  }

  private complainOnce(problem: string): void {
    if (problem !== this.problem) {
      this.logger.error(`API_USERS stays as it was read before: ${problem}`);
      this.problem = problem;
    }
  }
}
