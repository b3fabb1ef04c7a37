import { ofDistribution } from './distribution';

/** What stands in front of gateways in clusters: tests run a gateway behind each. */

export const NGINX = ofDistribution({ name: 'nginx', versionArgs: ['-V'], variable: 'NGINX_BINARY' });

export const HAPROXY = ofDistribution({ name: 'haproxy', versionArgs: ['-v'], variable: 'HAPROXY_BINARY' });
