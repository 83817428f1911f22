import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The one address at which a cloud (Azure) answers its machines that looks like any other. */
const CLOUD_SERVICE = '168.63.129.16';

/** An address that may only be used where WEBHOOKS_PRIVATE_ADDRESSES allows it. */
export class PrivateAddress extends Error {
  constructor(problem: string) {
    super(`${problem} (WEBHOOKS_PRIVATE_ADDRESSES)`);
  }
}

/**
 * Whether the whole internet reaches an IP address: not one of a machine itself, of a private network, of a cloud's
 * metadata or of a range that is reserved. One of version 4 in a form of version 6 is what it stands for.
 */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && parsed.toString() !== CLOUD_SERVICE;
}

/**
 * Resolves a host for a connection that is made at once, to public addresses alone: what a name meant when it was
 * checked before says nothing of what it means now. Answers with {@link PrivateAddress} where there is none.
 */
export const publicLookup: LookupFunction = (host, options, callback) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    const [first, ...others] = error ? [] : addresses.filter(({ address }) => isPublic(address));
    if (!first) {
      callback(error ?? notPublic(host), '', 0);
    } else if (options.all) {
      callback(null, [first, ...others]);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

/**
 * Checks an address before it is kept: its name is resolved too.
 * @throws PrivateAddress, or why the name cannot be resolved
 */
export async function checkAddress(address: string): Promise<void> {
  requirePublic(address);
  const host = hostOf(address);
  if (isIP(host) === 0) {
    await new Promise<void>((done, fail) => {
      publicLookup(host, { all: true }, (error) => (error ? fail(error) : done()));
    });
  }
}

/**
 * Checks what needs no name to be resolved, hence what {@link publicLookup} is not asked about.
 * @throws PrivateAddress
 */
export function requirePublic(address: string): void {
  const host = hostOf(address);
  if (new URL(address).protocol !== 'https:') {
    throw new PrivateAddress('plain http is not allowed');
  }
  if (isIP(host) !== 0 && !isPublic(host)) {
    throw notPublic(host);
  }
}

/** Addresses of version 6 stand in brackets in a URL. */
function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^\[(.*)\]$/, '$1');
}

function notPublic(host: string): PrivateAddress {
  return new PrivateAddress(`${host} is not a public address`);
}
