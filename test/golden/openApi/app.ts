import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const schema = {
    openapi: '3.0.3',
    info: { title: 'CRM', version: '1.4.0' },
    paths: {
      '/customers/{id}': {
        put: {
          operationId: 'customers_change',
          summary: 'Changes a customer',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'dry', in: 'query', description: 'Only checks.', schema: { type: 'boolean' } },
          ],
          requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
          responses: { 204: { description: 'Changed.' } },
        },
      },
    },
  };
  const source = McpServerSource.openApi({ schema, url: 'https://crm.acme.dev/api' });
  oneRoute(app, { gateway: { dataPlane }, server: { source } });
};
