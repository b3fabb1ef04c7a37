import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { AccessLogField, GatewayDataPlane, GatewayLogFormat, OtlpProtocol } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      observability: {
        logFormat: GatewayLogFormat.TEXT,
        accessLog: [
          AccessLogField.toolName('tool'),
          AccessLogField.text('cost', '${COST}'),
          AccessLogField.requestHeader('agent', 'user-agent'),
        ],
        tracing: {
          endpoint: 'http://otel-collector.observability.svc:4317',
          protocol: OtlpProtocol.GRPC,
          sampling: 0.1,
        },
      },
    },
  });
