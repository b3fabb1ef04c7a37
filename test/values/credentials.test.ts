import { isCredentialHeader, isProbablySecret } from '../../src/values/credentials';

it.each([
  ['DB_PASSWORD', 'hunter2'],
  ['password', 'hunter2'],
  ['apiKey', 'abc'],
  ['API_KEY', 'abc'],
  ['tavilyApiKey', 'abc'],
  ['access-token', 'abc'],
  ['CLIENT_SECRET', 'abc'],
  ['AWS_SECRET_ACCESS_KEY', 'abc'],
  // By their form, whatever they are called.
  ['X', 'ghp_abcdefgh'],
  ['DATABASE_URI', 'postgres://app:hunter2@db.finance.svc/ledger'],
  ['X', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'],
  ['X', '-----BEGIN RSA PRIVATE KEY-----\nMII'],
])('takes %s=%s for a secret', (name, value) => {
  expect(isProbablySecret(name, value)).toBe(true);
});

it.each([
  ['PASSWORD_FILE', 'x'],
  ['MAX_TOKENS', '4096'],
  ['TOKENIZER', 'bpe'],
  ['TOKEN_URL', 'https://auth.acme.dev/token'],
  ['AWS_ACCESS_KEY_ID', 'abc'],
  ['PRIMARY_KEY', 'id'],
  ['COMPASS', 'north'],
  // References to secrets, and switches.
  ['API_TOKEN', '$(TOKEN)'],
  ['API_TOKEN', '${TOKEN}'],
  ['GOOGLE_APPLICATION_CREDENTIALS', '/var/run/secrets/gcp.json'],
  ['USE_TOKEN', 'true'],
  ['DB_PASSWORD', ''],
  ['DATABASE_URI', 'postgres://app@db.finance.svc/ledger'],
  ['DATABASE_URI', 'postgres://$(USER):$(PASSWORD)@db.finance.svc/ledger'],
])('takes %s=%s for none', (name, value) => {
  expect(isProbablySecret(name, value)).toBe(false);
});

it('knows the headers that are for credentials', () => {
  expect(['Authorization', 'cookie', 'X-API-Key', 'x-team', 'accept'].filter(isCredentialHeader)).toEqual([
    'Authorization',
    'cookie',
    'X-API-Key',
  ]);
});
