import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts, portIsFree } from '../stack/free-ports';
import type { StackEnvironment } from '../stack/stack';
import { nodeLikeTheImage, settingsLikeTheImage } from './node-of-release';
import { keep } from './process-keeper';
import { serviceLogins } from './service-logins';

export const serviceNames = ['stg', 'dds', 'cdm'] as const;
const usualPorts = { stg: 3001, dds: 3002, cdm: 3003 };
const READY_MS = 60_000;
/** Between two looks at whether a service is ready. */
const LOOK_MS = 200;

export type ServiceName = (typeof serviceNames)[number];

/** The stack that the services use, and what else they are given. */
export type ServiceEnvironment = StackEnvironment & { API_TOKEN?: string };

export interface LocalService {
  name: ServiceName;
  port: number;
  log: string;
  process: ChildProcess;
}

/**
 * Starts the three built services on a stack and returns when all are ready. Each has its usual port where that is
 * free.
 * @param folder where their logs go
 * @throws which service did not become ready, and where its log is
 */
export async function startServices(
  environment: ServiceEnvironment,
  folder: string,
  options: LaunchOptions = {},
): Promise<LocalService[]> {
  const services = await launchServices(environment, folder, options);
  await untilReady(services);
  return services;
}

export interface LaunchOptions {
  /** Which services; all by default. */
  names?: readonly ServiceName[];
  /** How many processes of each service. */
  replicas?: number;
  /** The program that runs them; that of the image by default. */
  node?: string;
  /** What Node gets beside the entry file. */
  nodeOptions?: (name: ServiceName) => string[];
}

/**
 * Starts the built services and returns at once, all replicas of one before those of the next. They end with this
 * process, however that ends. Each has a login of its own at PostgreSQL, with no more privileges than it needs.
 */
export async function launchServices(
  environment: ServiceEnvironment,
  folder: string,
  { names = serviceNames, replicas = 1, node, nodeOptions = () => [] }: LaunchOptions = {},
): Promise<LocalService[]> {
  const services: LocalService[] = [];
  const logins = await serviceLogins(environment.DATABASE_URL);
  const program = node ?? (await nodeLikeTheImage());
  const { options, variables } = settingsLikeTheImage();
  // All at once: of two that are asked for one after the other both may be the same.
  const ports = await freePorts(names.length * replicas);
  for (const name of names) {
    for (let replica = 1; replica <= replicas; replica += 1) {
      const log = join(folder, replica === 1 ? `${name}.log` : `${name}-${replica}.log`);
      const isUsual = replica === 1 && (await portIsFree(usualPorts[name]));
      const port = isUsual ? usualPorts[name] : ports.pop()!;
      const own = { ...variables, ...environment, DATABASE_URL: logins[name] };
      services.push(launchService(name, own, port, log, [program, ...options, ...nodeOptions(name)]));
    }
  }
  return services;
}

/** @throws which service is not ready after a minute or has ended, and where its log is */
export async function untilReady(services: LocalService[]): Promise<void> {
  await Promise.all(services.map((service) => untilServiceReady(service)));
}

/** @throws which service has ended, and where its log is */
export function failIfEnded(services: LocalService[]): void {
  for (const { name, log, process: service } of services) {
    if (service.exitCode !== null || service.signalCode !== null) {
      throw new Error(`${name} has ended (${service.exitCode ?? service.signalCode}); its log: ${log}`);
    }
  }
}

/** Stops the services cleanly and returns when they have ended. */
export async function stopServices(services: LocalService[]): Promise<void> {
  await Promise.all(
    services.map(async ({ process: service }) => {
      if (service.exitCode === null && service.signalCode === null) {
        const ended = once(service, 'exit');
        service.kill('SIGTERM');
        await ended;
      }
    }),
  );
}

function launchService(
  name: ServiceName,
  environment: ServiceEnvironment,
  port: number,
  log: string,
  [node, ...options]: string[],
): LocalService {
  const main = fileURLToPath(new URL(`../../dist/apps/${name}/main.js`, import.meta.url));
  const service = spawn(node!, [...options, main], {
    env: { ...process.env, ...environment, PORT: String(port) },
    // Ctrl-C in the terminal is for the demo, which then stops its services in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keep(service);
  const file = createWriteStream(log);
  service.stdout.pipe(file, { end: false });
  service.stderr.pipe(file, { end: false });
  return { name, port, log, process: service };
}

/**
 * @param lookMs between two looks
 * @throws when it is not ready after a minute or has ended, and where its log is
 */
export async function untilServiceReady(service: LocalService, lookMs = LOOK_MS): Promise<void> {
  const { name, port, log } = service;
  const deadline = Date.now() + READY_MS;
  for (;;) {
    failIfEnded([service]);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`${name} is not ready after ${READY_MS / 1000} s; its log: ${log}`);
    }
    await pause(lookMs);
  }
}
