import { secretMounts } from '../../../src/backends/interface/data-plane';

it('mounts each Secret once, with all that is asked of it, whatever the order', () => {
  const asked = [
    { secretName: 'tls', key: 'tls.key' },
    { secretName: 'keys', key: 'ci' },
    { secretName: 'tls', key: 'tls.crt' },
    { secretName: 'tls', key: 'tls.key' },
  ];
  const mounts = secretMounts('/etc/secrets', asked);
  expect(mounts.map(({ directory, keys, secretName }) => ({ directory, keys, secretName }))).toEqual([
    { directory: '/etc/secrets/keys', keys: ['ci'], secretName: 'keys' },
    { directory: '/etc/secrets/tls', keys: ['tls.crt', 'tls.key'], secretName: 'tls' },
  ]);
  expect(secretMounts('/etc/secrets', [...asked].reverse())).toEqual(mounts);
});

it('names volumes by labels, whatever Secrets are named', () => {
  expect(secretMounts('/etc/secrets', [{ secretName: `${'long.'.repeat(40)}name`, key: 'k' }])[0].name).toMatch(
    /^secret-[0-9a-f]{12}$/,
  );
});
