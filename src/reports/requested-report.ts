import { errorKind, findingOf, InputError } from '../model/findings';
import { Synthesis } from '../synthesis/synthesis';

/*
 * Whoever runs a program that synthesizes, in whatever language, asks for its report by the environment: that is how a command
 * explains an app that it knows nothing of.
 */

const VARIABLE = 'CDK8S_MCP_REPORT';

const UNWRITTEN = errorKind(
  'report-unwritten',
  'cannot be written: {message}',
  'Name a file in a folder that is there, or leave the variable out',
);

Synthesis.onValidation((scope, errors) => {
  const said = process.env[VARIABLE] ?? '';
  // Of an app for several clusters each has a report of its own: report.json, report.production.json.
  const path = scope.node.scope === undefined ? said : said.replace(/(\.[^./\\]*)?$/, `.${scope.node.id}$1`);
  if (said === '') {
    return [];
  }
  // Loaded when somebody asks: few do, and all import this.
  const { McpReport }: typeof import('./mcp-report') = require('./mcp-report');
  try {
    const report = errors.length > 0 ? McpReport._failed(errors) : McpReport.of(scope);
    report.writeJson(path);
    return [];
  } catch (error) {
    return error instanceof InputError
      ? // What cannot be written is said by whoever writes it.
        []
      : [findingOf(UNWRITTEN, '(environment)', VARIABLE, path, { message: (error as Error).message })];
  }
});
