import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { ApiKey, Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
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
