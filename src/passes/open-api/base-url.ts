import { OpenApiFindings } from './finding';
import { isNode, Node } from './references';
import { errorKind } from '../../model/finding-kind';

const OPEN_API_SEVERAL_PATHS = errorKind(
  'open-api-several-paths',
  'have several paths, and which of them is meant is not known',
  'Give the URL with its path (url), such as https://crm.example.com/api/v1',
);
const OPEN_API_URL_MISSING = errorKind(
  'open-api-url-missing',
  'is missing, and no URL is given',
  'Say where the service is (url)',
);
const OPEN_API_SEVERAL_SERVERS = errorKind(
  'open-api-several-servers',
  'are several, and which of them is meant is not known',
  'Say where the service is (url)',
);
const OPEN_API_URL_WITHOUT_HOST = errorKind(
  'open-api-url-without-host',
  'does not say on which host the service is',
  'Say where the service is (url)',
);
const OPEN_API_URL_INVALID = errorKind('open-api-url-invalid', 'is not a URL', 'Correct the document');
const OPEN_API_URL_VARIABLES = errorKind(
  'open-api-url-variables',
  'has variables in it',
  'Say where the service is, with its path (url)',
);

/** An address without any path: that of the document is below it. */
const WITHOUT_PATH = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i;

/**
 * The URL that the paths of a document are below: the one given, or the document's own. One that is given without a path gets
 * the path of the document's servers.
 */
export function baseUrl(root: Node, given: string | undefined, findings: OpenApiFindings): string | undefined {
  if (given !== undefined && !WITHOUT_PATH.test(given)) {
    return given;
  }
  const urls = serversOf(root, findings);
  if (given !== undefined) {
    const paths = [...new Set(urls.map(url => pathOf(url)))];
    const [path = ''] = paths;
    findings.report(OPEN_API_SEVERAL_PATHS, 'servers', urls, paths.length > 1);
    return path === undefined ? given : `${given}${path}`;
  }
  const [url] = urls;
  findings.report(OPEN_API_URL_MISSING, 'servers', undefined, urls.length === 0);
  findings.report(OPEN_API_SEVERAL_SERVERS, 'servers', urls, urls.length > 1);
  findings.report(OPEN_API_URL_WITHOUT_HOST, 'servers[0].url', url, url !== undefined && !/^https?:\/\//i.test(url));
  return urls.length === 1 && /^https?:\/\//i.test(url) ? url : undefined;
}

function serversOf({ servers }: Node, findings: OpenApiFindings): string[] {
  return (Array.isArray(servers) ? servers : []).flatMap((server, i) => {
    const url = isNode(server) ? server.url : undefined;
    if (typeof url !== 'string') {
      findings.report(OPEN_API_URL_INVALID, `servers[${i}].url`, url, true);
      return [];
    }
    findings.report(OPEN_API_URL_VARIABLES, `servers[${i}].url`, url, url.includes('{'));
    return [url];
  });
}

/** Path of a URL that may be relative, without a slash at its end. */
function pathOf(url: string): string {
  const path = url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}
