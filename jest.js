/*
 * Matchers of jest for AccessMatrix: import 'cdk8s-mcp/jest' in a test, or name it in setupFilesAfterEnv.
 */
'use strict';

function asked(question) {
  const who = question.principal === undefined ? 'a caller without credentials' : question.principal.text;
  return `${question.action ?? 'tools/call'} of ${question.tool} by ${who}`;
}

function answer(access, question, wanted) {
  const { allowed, reasons } = access.decide(question);
  const because = reasons.map(({ level, words }) => `  ${level}: ${words}`).join('\n') || '  nothing restricts it';
  return {
    pass: allowed === wanted,
    message: () => `${asked(question)} is ${allowed ? 'admitted' : 'denied'}:\n${because}`,
  };
}

expect.extend({
  toAllowTool: (access, question) => answer(access, question, true),
  toDenyTool: (access, question) => answer(access, question, false),
});
