import { McpFinding } from 'cdk8s-mcp';

/** Findings in SARIF 2.1.0, as code scanning reads it. */
export function toSarif(findings: readonly McpFinding[]): string {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  return `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'cdk8s-mcp', rules: ids.map(id => ({ id, name: id })) } },
          results: findings.map(finding => ({
            ruleId: finding.id,
            ruleIndex: ids.indexOf(finding.id),
            level: finding.severity === 'error' ? 'error' : 'warning',
            message: { text: finding.text },
            locations: [locationOf(finding)],
            // Meant, and why.
            ...(finding.reason === undefined
              ? {}
              : { suppressions: [{ kind: 'inSource', justification: finding.reason }] }),
          })),
        },
      ],
    },
    undefined,
    2,
  )}\n`;
}

/** Of what was read from a file the line; of what a program said the construct. */
function locationOf({ path, source }: McpFinding): unknown {
  const [, file, line] = /^(.*?):(\d+)/.exec(source ?? path) ?? [];
  return {
    ...(file === undefined
      ? {}
      : { physicalLocation: { artifactLocation: { uri: file }, region: { startLine: Number(line) } } }),
    logicalLocations: [{ fullyQualifiedName: path, kind: 'construct' }],
  };
}
