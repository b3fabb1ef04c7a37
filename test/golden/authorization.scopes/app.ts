import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { Authentication, Condition, GatewayDataPlane, Principal, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const authentication = [
    Authentication.oidc({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
      scopes: ['mcp'],
    }),
  ];
  const { route } = oneRoute(app, { gateway: { dataPlane }, route: { authentication } });
  const allow = (tools: string[], actions: ToolAction[], ...when: Condition[]) =>
    route.allow(Principal.anyAuthenticated(), { tools, actions, ...(when.length === 0 ? {} : { when }) });
  allow(['*'], [ToolAction.LIST]);
  allow(['db_query'], [ToolAction.CALL], Condition.scope('db:read'));
  allow(['db_insert'], [ToolAction.CALL], Condition.scope('db:write', { issuer: 'https://auth.acme.dev' }));
};
