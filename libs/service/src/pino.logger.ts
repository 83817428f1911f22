import type { LoggerService } from '@nestjs/common';
import { reasonOf } from '@app/servers/reason-of';
import { traces } from '@app/tracing/tracing';
import pino, { type Logger, type LoggerOptions } from 'pino';

/** For people, loaded only where one of them reads. At once, so that the end of a process is seen too. */
const readable = process.stdout.isTTY ? (await import('pino-pretty')).default({ sync: true }) : undefined;

/** Nest's log through pino: one JSON object a line, or readable where the output is a terminal. */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(service: string, level: string) {
    const options: LoggerOptions = {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: described },
      mixin: () => traces?.inHand() ?? {},
      formatters: { level: (label) => ({ level: label }) },
    };
    this.pino = readable ? pino(options, readable) : pino(options);
  }

  log(message: unknown, ...rest: unknown[]): void {
    // Nest logs every module and route when it starts; that is detail.
    this.write(nestInternals.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest calls with the message, for errors perhaps a stack, and last the context: the name of the class that logs. */
  private write(level: pino.Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? framesOf(rest[0]) : undefined;
    if (message instanceof Error) {
      // Left to itself, pino takes the message of the error.
      this.pino[level]({ context, err: message }, reasonOf(message));
    } else if (typeof message === 'object' && message !== null) {
      this.pino[level]({ context, ...message });
    } else {
      this.pino[level]({ context, stack }, String(message));
    }
  }
}

/** An error without what its members hold beside: PostgreSQL puts rows into them, a malformed URL itself. */
function described(error: Error) {
  return { type: error.name, message: reasonOf(error), stack: framesOf(error.stack) };
}

/** The places of a stack, without the message before them. */
function framesOf(stack: unknown): string | undefined {
  const frames = String(stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  return frames.join('\n') || undefined;
}

const nestInternals = new Set([
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
]);
