import { McpReport } from './mcp-report';
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

Synthesis.onValidation((root, errors) => {
  const path = process.env[VARIABLE] ?? '';
  if (path === '') {
    return [];
  }
  try {
    const report = errors.length > 0 ? McpReport._failed(errors) : McpReport.of(root);
    report.writeJson(path);
    return [];
  } catch (error) {
    return error instanceof InputError
      ? // What cannot be written is said by whoever writes it.
        []
      : [findingOf(UNWRITTEN, '(environment)', VARIABLE, path, { message: (error as Error).message })];
  }
});
