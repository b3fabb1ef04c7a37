import { tracing } from '../../../../src/backends/envoy/parts/tracing';
import { Gateway } from '../../../../src/model/gateway';
import { emitted, planOfEntries } from '../plans';

const planOf = (options: Partial<Gateway>) => planOfEntries([], options);

describe('traces', () => {
  const exporter = (endpoint: string, protocol: 'grpc' | 'http') => {
    const plan = planOf({ tracing: { endpoint, protocol, sampling: 0.25 } });
    const [{ load_assignment, transport_socket, typed_extension_protocol_options }] = emitted(
      tracing.resources!(plan).clusters,
    );
    const {
      provider: {
        typed_config: { grpc_service, http_service },
      },
      random_sampling,
    } = emitted(tracing.listener!(plan)).manager.tracing;
    return {
      grpc_service,
      http_service,
      random_sampling,
      address: load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address,
      transport_socket,
      typed_extension_protocol_options,
    };
  };

  it('go to a collector by gRPC', () => {
    const { address, grpc_service, random_sampling, transport_socket, typed_extension_protocol_options } = exporter(
      'http://otel.obs.svc',
      'grpc',
    );
    expect([address, random_sampling, transport_socket]).toEqual([
      { address: 'otel.obs.svc', port_value: 4317 },
      { value: 25 },
      undefined,
    ]);
    expect(grpc_service.envoy_grpc).toEqual({ cluster_name: 'traces' });
    expect(Object.values<any>(typed_extension_protocol_options!)[0].explicit_http_config).toEqual({
      http2_protocol_options: {},
    });
  });

  it('go to a collector by HTTP, and by TLS', () => {
    expect(exporter('http://otel.obs.svc', 'http').http_service.http_uri.uri).toBe('http://otel.obs.svc/v1/traces');
    const { address, http_service, transport_socket } = exporter('https://otlp.example.com/api/v1/traces', 'http');
    expect([address, http_service.http_uri.uri]).toEqual([
      { address: 'otlp.example.com', port_value: 443 },
      'https://otlp.example.com/api/v1/traces',
    ]);
    expect(transport_socket.typed_config.sni).toBe('otlp.example.com');
  });

  it('are not made where nobody wants them', () => {
    expect([tracing.listener!(planOf({})), tracing.resources!(planOf({}))]).toEqual([{}, {}]);
  });
});
