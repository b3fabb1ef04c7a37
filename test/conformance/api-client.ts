import { Agent, request } from 'https';
import { Manifest } from '../support/validate';

/** What the API server answers. */
export interface Answer {
  readonly status: number;
  /** An object, or a `Status` that says what is wrong. */
  readonly body: Manifest;
  /** Texts of the `Warning` headers, which kubectl prints after `Warning:`. */
  readonly warnings: readonly string[];
}

/** Where the resources of a kind are. */
interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

const JSON_TYPE = 'application/json';
const APPLY_TYPE = 'application/apply-patch+yaml';
const MERGE_TYPE = 'application/merge-patch+json';

/** Talks to an API server directly: a hundred times as fast as a kubectl process each, and shows its headers. */
export class ApiClient {
  public readonly url: string;
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private readonly resources = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor(
    port: number,
    public readonly token: string,
  ) {
    this.url = `https://127.0.0.1:${port}`;
  }

  /** Creates an object, which is sent as it is when it is text. */
  public async create(object: Manifest, options: { readonly dryRun?: boolean } = {}): Promise<Answer> {
    return this.send(
      'POST',
      `${await this.collection(object)}?fieldValidation=Strict${options.dryRun ? '&dryRun=All' : ''}`,
      JSON_TYPE,
      JSON.stringify(object),
    );
  }

  /** Server-side apply. `text` is the object as YAML or JSON, which the server itself reads. */
  public async apply(
    object: Manifest,
    text: string = JSON.stringify(object),
    fieldManager = 'conformance',
  ): Promise<Answer> {
    return this.send(
      'PATCH',
      `${await this.path(object)}?fieldManager=${fieldManager}&fieldValidation=Strict&force=true`,
      APPLY_TYPE,
      text,
    );
  }

  /** Reads an object as it is stored. */
  public async read(object: Manifest): Promise<Answer> {
    return this.send('GET', await this.path(object));
  }

  /** Deletes an object at once. */
  public async delete(object: Manifest): Promise<Answer> {
    return this.send('DELETE', `${await this.path(object)}?gracePeriodSeconds=0`);
  }

  /** Takes away what keeps an object until its controller has done its work. */
  public async release(object: Manifest): Promise<Answer> {
    const text = JSON.stringify({ metadata: { finalizers: null } });
    return this.send('PATCH', await this.path(object), MERGE_TYPE, text);
  }

  /** Forgets which kinds there are. */
  public forgetKinds(): void {
    this.resources.clear();
  }

  public async isReady(): Promise<boolean> {
    return this.send('GET', '/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  public close(): void {
    this.agent.destroy();
  }

  private async path(object: Manifest): Promise<string> {
    return `${await this.collection(object)}/${object.metadata.name}`;
  }

  private async collection({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!this.resources.has(root)) {
      this.resources.set(root, this.discover(root));
    }
    const resource = (await this.resources.get(root)!).get(kind);
    if (resource === undefined) {
      this.resources.delete(root);
      throw new Error(`the API server does not know ${kind} of ${apiVersion}`);
    }
    return `${root}${resource.namespaced ? `/namespaces/${metadata.namespace}` : ''}/${resource.plural}`;
  }

  private async discover(root: string): Promise<ReadonlyMap<string, Resource>> {
    const { body } = await this.send('GET', root);
    const resources: readonly Manifest[] = body.resources ?? [];
    return new Map(
      resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ kind, name, namespaced }): [string, Resource] => [kind, { plural: name, namespaced }]),
    );
  }

  private send(method: string, path: string, contentType?: string, text?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.url}${path}`,
        {
          method,
          agent: this.agent,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(contentType === undefined ? {} : { 'content-type': contentType }),
          },
        },
        incoming => {
          const chunks: Buffer[] = [];
          incoming.on('data', chunk => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8');
            const isJson = incoming.headers['content-type']?.startsWith(JSON_TYPE);
            resolve({
              status: incoming.statusCode!,
              body: isJson ? JSON.parse(answer) : { message: answer },
              warnings: warningsOf(incoming.headersDistinct.warning ?? []),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }
}

/** `299 - "text"`, with quotes and backslashes escaped; several may be in one header. */
function warningsOf(headers: readonly string[]): string[] {
  return headers.flatMap(header =>
    [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, '$1')),
  );
}
