import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { ApiKey, Authentication, CredentialKind, GatewayDataPlane, Principal, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { route } = oneRoute(app, {
    gateway: { dataPlane },
    route: {
      authentication: [
        Authentication.anyOf(
          TOKEN,
          Authentication.apiKey({
            keys: [
              ApiKey.sha256('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', { user: 'nightly' }),
            ],
          }),
        ),
      ],
    },
  });
  const nightly = Principal.user('nightly', { method: CredentialKind.API_KEY });
  const alice = Principal.user('alice', { issuer: 'https://auth.acme.dev' });
  route.allow(nightly, { tools: ['*'], actions: [ToolAction.CALL] });
  route.allow(alice, { tools: ['db_*'], actions: [ToolAction.CALL] });
};
