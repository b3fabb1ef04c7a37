import { CertManagerIssuer } from '../../src';
import { messageOf } from '../support/synth';

it('is of a namespace, or of the cluster', () => {
  const [own, shared] = [CertManagerIssuer.issuer('own'), CertManagerIssuer.clusterIssuer('cluster-ca')];
  expect([own.kind, own.name]).toEqual(['Issuer', 'own']);
  expect([shared.kind, shared.name]).toEqual(['ClusterIssuer', 'cluster-ca']);
});

it.each(['', 'Cluster CA', 'a/b'])('has a name, which %j is none', name => {
  expect(messageOf(() => CertManagerIssuer.issuer(name))).toContain(
    `[CertManagerIssuer.issuer] name: got ${JSON.stringify(name)}: is not an object name`,
  );
  expect(messageOf(() => CertManagerIssuer.clusterIssuer(name))).toContain('[CertManagerIssuer.clusterIssuer] name: ');
});
