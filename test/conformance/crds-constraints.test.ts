import { describeWithApiServer } from './api-server';
import { Cluster, ownCrds } from './cluster';
import { RULE_CASES } from './rule-cases';
import { constraintCases, unknownKeywords } from './schema-cases';
import { Manifest } from '../support/validate';

/**
 * Each constraint on a field of a spec, CEL rules included: a real API server admits a resource that keeps it and refuses one that does not,
 * with a message that names the field and what it takes. Pod templates are Kubernetes' own.
 */

const POD_TEMPLATE = { spec: { containers: [{ name: 'mcp-server', image: 'ghcr.io/acme/mcp:1.0.0' }] } };

/** What resources need besides the field in question. */
const BASES: Readonly<
  Record<string, readonly { readonly included: (path: string) => boolean; readonly spec: object }[]>
> = {
  MCPServer: serverBases(),
  ClusterMCPServer: serverBases(),
  MCPRoute: [{ included: () => true, spec: { backendRefs: [{ serverRef: { name: 'a' } }] } }],
  MCPGateway: gatewayBases(),
  ClusterMCPGateway: gatewayBases(),
};

function serverBases() {
  const isHosted = (path: string): boolean => path.startsWith('.spec.hosted');
  return [
    { included: (path: string) => !isHosted(path), spec: { remote: { url: 'https://example.com/' } } },
    { included: (path: string) => path === '.spec' || isHosted(path), spec: { hosted: { podSpec: POD_TEMPLATE } } },
  ];
}

function gatewayBases() {
  const mcpServers = { namespaceSelector: {} };
  const isIssued = (path: string): boolean => path.startsWith('.spec.tls.') && !path.startsWith('.spec.tls.secretRef');
  return [
    { included: (path: string) => !isIssued(path), spec: { mcpServers } },
    {
      included: (path: string) => path === '.spec' || path === '.spec.tls' || isIssued(path),
      spec: { mcpServers, tls: { issuerRef: { name: 'ca' } } },
    },
  ];
}

const isInSpec = (path: string): boolean => path.startsWith('.spec') && !path.includes('.podSpec.');

function casesOf({ spec }: Manifest) {
  const { kind } = spec.names;
  const schema = spec.versions[0].schema.openAPIV3Schema;
  return BASES[kind].flatMap(base =>
    constraintCases(schema, { spec: base.spec }, path => isInSpec(path) && base.included(path)),
  );
}

test.each(ownCrds().map((crd): [string, Manifest] => [crd.spec.names.kind, crd]))(
  '%s has no constraint that is not looked at',
  (_, { spec }) => {
    expect(unknownKeywords(spec.versions[0].schema.openAPIV3Schema, isInSpec)).toEqual([]);
  },
);

test('every case of a rule is about one that there is', () => {
  const messages = ownCrds()
    .flatMap(crd => casesOf(crd))
    .map(({ message }) => message);
  expect(Object.keys(RULE_CASES).filter(message => !messages.includes(message))).toEqual([]);
});

describeWithApiServer('a real API server', server => {
  beforeAll(() => new Cluster(server().client).install(ownCrds()));

  const create = (kind: string, content: object) =>
    server().client.create(
      {
        ...content,
        apiVersion: 'ome.io/v1alpha1',
        kind,
        metadata: { name: 'x', ...(kind.startsWith('Cluster') ? {} : { namespace: 'default' }) },
      },
      { dryRun: true },
    );

  describe.each(ownCrds().map((crd): [string, Manifest] => [crd.spec.names.kind, crd]))('of %s', (kind, crd) => {
    test.each(casesOf(crd).map((one): [string, string, typeof one] => [one.path, one.constraint, one]))(
      'minds %s %s',
      async (path, _, { admitted, refused, message }) => {
        const good = await create(kind, admitted);
        expect(good.status < 300 ? '' : good.body.message).toBe('');
        const bad = await create(kind, refused);
        expect(bad.status).toBe(422);
        expect(bad.body.message).toContain(path);
        expect(bad.body.message).toContain(message);
      },
    );
  });
});
