import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { nextAddress } from './addresses';
import { connects, until } from './until';
import { ProcessGroup } from '../../../scripts/conformance/process-group';
import { Manifest } from '../../support/validate';

const PORT = 8080;

/** A rule of an Ingress: a host, and the paths of it that lead to the gateway. */
interface IngressRule {
  readonly host: string;
  readonly paths: readonly { readonly path: string; readonly pathType: 'Prefix' | 'Exact' }[];
}

const { NGINX_BINARY, HAPROXY_BINARY } = process.env;

/** Where clients come in. */
export interface Front {
  readonly url: string;
  stop?(): Promise<void>;
}

/** The ways to a gateway that its Ingress exposes: straight, and through each proxy. */
export async function frontsOf(objects: readonly Manifest[], gateway: string): Promise<Record<string, Front>> {
  const ingress = objects.find(({ kind }) => kind === 'Ingress')!;
  return {
    gateway: { url: gateway },
    nginx: await FrontProxy.start('nginx', NGINX_BINARY!, ingress, gateway),
    haproxy: await FrontProxy.start('haproxy', HAPROXY_BINARY!, ingress, gateway),
  };
}

/** A proxy in front of a gateway that does what an Ingress says, as ingress controllers configure it. */
export class FrontProxy {
  /** Starts one on an address of its own. */
  public static async start(
    kind: keyof typeof CONFIGURATIONS,
    binary: string,
    ingress: Manifest,
    gateway: string,
  ): Promise<FrontProxy> {
    const rules = (ingress.spec.rules as Manifest[]).map(({ host, http }): IngressRule => ({
      host,
      paths: http.paths,
    }));
    const proxy = new FrontProxy();
    writeFileSync(proxy.file('conf'), CONFIGURATIONS[kind].text(proxy.address, rules, new URL(gateway).host));
    await proxy.run(binary, CONFIGURATIONS[kind].args(proxy.folder));
    return proxy;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'front-proxy-'));
  private readonly address = nextAddress();
  private group?: ProcessGroup;

  /** Where clients reach it. */
  public get url(): string {
    return `http://${this.address}:${PORT}`;
  }

  public async stop(): Promise<void> {
    await this.group?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  private async run(binary: string, args: readonly string[]): Promise<void> {
    const output = openSync(this.file('log'), 'w');
    const group = ProcessGroup.start(binary, args, { cwd: this.folder, output });
    closeSync(output);
    this.group = group;
    await until('the proxy listens', () => connects(this.address, PORT), {
      while: () => group.running,
      details: () => readFileSync(this.file('log'), 'utf8'),
    });
  }
}

/** Both compare the path that they made of what came, and pass on what came, with the caller's address behind those it has said. */
const CONFIGURATIONS = {
  nginx: {
    args: (folder: string) => ['-p', folder, '-c', join(folder, 'conf'), '-e', 'stderr'],
    text: (address: string, rules: readonly IngressRule[], gateway: string) => `
daemon off;
pid nginx.pid;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(what => `${what}_temp_path ${what};`).join(' ')}
  upstream gateway { server ${gateway}; }
${rules
  .map(
    ({ host, paths }) => `  server {
    listen ${address}:${PORT};
    server_name ${host};
    location / { return 404; }
${paths
  .flatMap(({ path, pathType }) => [`= ${path}`, ...(pathType === 'Prefix' ? [`${path}/`] : [])])
  .map(
    location =>
      `    location ${location} { proxy_pass http://gateway; proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }`,
  )
  .join('\n')}
  }`,
  )
  .join('\n')}
}
`,
  },
  haproxy: {
    args: (folder: string) => ['-db', '-f', join(folder, 'conf')],
    text: (address: string, rules: readonly IngressRule[], gateway: string) => `
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
  option forwardfor
frontend clients
  bind ${address}:${PORT}
${rules
  .flatMap(({ host, paths }) =>
    paths.flatMap(({ path, pathType }) => [
      `  use_backend gateway if { hdr(host) -i ${host} } { path ${path} }`,
      ...(pathType === 'Prefix' ? [`  use_backend gateway if { hdr(host) -i ${host} } { path_beg ${path}/ }`] : []),
    ]),
  )
  .join('\n')}
  default_backend none
backend gateway
  server gateway ${gateway}
backend none
  http-request return status 404
`,
  },
} as const;
