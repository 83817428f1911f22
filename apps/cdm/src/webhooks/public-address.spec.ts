import { expect, it } from 'vitest';
import { checkAddress, isPublic, PrivateAddress, publicLookup, requirePublic } from './public-address';

it.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '2606:2800:220:1::1', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

it.each([
  ['this machine', '127.0.0.1'],
  ['this machine', '127.255.0.9'],
  ['this machine', '::1'],
  ['no machine', '0.0.0.0'],
  ['no machine', '::'],
  ['a private network', '10.0.0.1'],
  ['a private network', '172.16.0.1'],
  ['a private network', '172.31.255.255'],
  ['a private network', '192.168.1.1'],
  ['a private network', 'fd00::1'],
  ['a private network', 'fec0::1'],
  ['the network of a provider', '100.64.0.1'],
  ['metadata of a cloud', '169.254.169.254'],
  ['metadata of a cloud', 'fd00:ec2::254'],
  ['metadata of a cloud', '100.100.100.200'],
  ['metadata of a cloud', '192.0.0.192'],
  ['metadata of a cloud', '168.63.129.16'],
  ['a link', 'fe80::1'],
  ['a group', '224.0.0.1'],
  ['a group', 'ff02::1'],
  ['all', '255.255.255.255'],
  ['a range that is reserved', '240.0.0.1'],
  ['a range for documents', '192.0.2.1'],
  ['a range for documents', '2001:db8::1'],
  ['a range for measurements', '198.18.0.1'],
  ['version 4 in version 6', '::ffff:127.0.0.1'],
  ['version 4 in version 6', '::ffff:a9fe:a9fe'],
  ['version 4 behind a translator', '64:ff9b::7f00:1'],
  ['version 4 behind a tunnel', '2002:7f00:1::'],
  ['version 4 behind a tunnel', '2001:0:4136:e378:8000:63bf:80ff:fffe'],
])('an address of %s is not: %s', (_, address) => {
  expect(isPublic(address)).toBe(false);
});

it.each([
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://127.0.0.1:8443/',
  'https://2130706433/',
  'https://0x7f.1/',
  'http://example.com/',
])('%s is refused without a name to be resolved', async (address) => {
  expect(() => requirePublic(address)).toThrow(PrivateAddress);
  await expect(checkAddress(address)).rejects.toThrow(PrivateAddress);
});

it('a name is resolved, and refused where it means such an address', async () => {
  expect(() => requirePublic('https://localhost/')).not.toThrow();
  await expect(checkAddress('https://localhost/')).rejects.toThrow(
    'localhost is not a public address (WEBHOOKS_PRIVATE_ADDRESSES)',
  );
  await expect(checkAddress('https://nowhere.invalid/')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  await expect(checkAddress('https://8.8.8.8/')).resolves.toBeUndefined();
});

it('a connection to such a name is refused when it is made', async () => {
  const refused = await new Promise((done) => {
    publicLookup('localhost', {}, (error) => done(error));
  });
  expect(refused).toBeInstanceOf(PrivateAddress);
});
