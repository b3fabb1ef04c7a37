import { McpFinding } from 'cdk8s-mcp';

/** Findings as test results, as CI systems show them: what the check fails by has failed. */
export function toJunit(findings: readonly McpFinding[], isFailure: (finding: McpFinding) => boolean): string {
  const failures = findings.filter(isFailure).length;
  const cases =
    findings.length === 0
      ? ['    <testcase classname="cdk8s-mcp" name="no findings"/>']
      : findings.map(finding => {
          const open = `    <testcase classname="${escaped(finding.id)}" name="${escaped(`${finding.path}: ${finding.property}`)}">`;
          const text = escaped(finding.text);
          return isFailure(finding)
            ? `${open}<failure type="${escaped(finding.severity)}" message="${text}"/></testcase>`
            : `${open}<system-out>${text}</system-out></testcase>`;
        });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="cdk8s-mcp" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Text as XML has it, without what XML cannot have at all. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"\n\t]/g, character => `&#${character.charCodeAt(0)};`)
    .replace(/[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�');
}
