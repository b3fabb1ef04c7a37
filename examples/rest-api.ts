/** An existing REST service as MCP tools: its OpenAPI document is all that it takes. Any caller may look, and only sales may change. */
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  BackendCredential,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  ToolAction,
} from 'cdk8s-mcp';

/** What `/openapi.json` of the service says; `schemaFile` reads it from a file instead. */
const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'CRM', version: '1.4.0' },
  servers: [{ url: '/api/v1' }],
  paths: {
    '/customers': {
      get: {
        operationId: 'customers_find',
        summary: 'Finds customers',
        parameters: [
          { name: 'name', in: 'query', description: 'A part of the name.', schema: { type: 'string', minLength: 2 } },
        ],
        responses: { 200: { description: 'The customers.' } },
      },
      post: {
        operationId: 'customers_create',
        summary: 'Creates a customer',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Customer' } } },
        },
        responses: { 201: { description: 'The customer.' } },
      },
    },
    '/customers/{id}': {
      delete: {
        operationId: 'customers_delete',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 204: { description: 'Gone.' } },
      },
    },
    '/customers/{id}/photo': {
      put: {
        operationId: 'photo_upload',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: { content: { 'image/png': {} } },
        responses: { 204: { description: 'Stored.' } },
      },
    },
  },
  components: {
    schemas: {
      Customer: {
        type: 'object',
        required: ['name'],
        properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } },
      },
    },
  },
};

const securityContext: kplus.ContainerSecurityContextProps = {
  user: 1000,
  capabilities: { drop: [kplus.Capability.ALL] },
  seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
};

export function build(app: App): void {
  const sales = new Chart(app, 'sales', { namespace: 'sales' });
  const service = new kplus.Deployment(sales, 'crm-api', {
    containers: [{ image: 'ghcr.io/acme/crm:1.4.0', port: 3000, securityContext }],
  });
  service.exposeViaService({ name: 'crm-api', ports: [{ port: 80, targetPort: 3000 }] });

  const gateway = new McpGateway(sales, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });
  const key = kplus.Secret.fromSecretName(sales, 'crm-key', 'crm-key');
  const crm = new McpServer(sales, 'crm', {
    source: McpServerSource.openApi({
      schema: DOCUMENT,
      url: 'http://crm-api.sales.svc',
      // Tools send JSON alone: the upload is not one of them.
      operations: ['customers_*'],
      credentials: [BackendCredential.header('x-api-key', { secret: key, key: 'key' })],
    }),
  });

  const route = new McpRoute(sales, 'crm-route', { name: 'crm', gateway, timeouts: { request: Duration.seconds(30) } });
  route.addBackend(crm);
  route.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
  route.allow(Principal.anyAuthenticated(), { tools: ['customers_find'], actions: [ToolAction.CALL] });
  route.allow(Principal.group('sales'), { tools: ['customers_*'], actions: [ToolAction.CALL] });
}
