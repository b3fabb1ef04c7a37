import { NAMESPACE, questionOf } from './decision-app';
import { DecisionProgram, QuestionProgram } from './decision-program';
import { HttpAnswer } from './http-exchange';
import { McpCaller, messagesIn } from './mcp-caller';
import { present } from './presentation';
import { RunningApp } from './running-app';
import { AccessDecision, AccessMatrix, McpRoute } from '../../../src';

/* Questions to a running topology and to AccessMatrix, and where they disagree. */

/** A topology, and what AccessMatrix says of it. */
export interface Decided {
  readonly program: DecisionProgram;
  readonly matrix: AccessMatrix;
  readonly routes: readonly McpRoute[];
}

/** What came of questions. */
export interface Decisions {
  readonly allowed: number;
  readonly denied: number;
  /** Calls that were executed. */
  readonly calls: number;
  readonly disagreements: readonly string[];
}

/** Asks questions, so many at once. */
export async function decide(
  running: RunningApp,
  { program, matrix, routes }: Decided,
  questions: readonly QuestionProgram[],
  atOnce = 1,
): Promise<Decisions> {
  const found = { allowed: 0, denied: 0, calls: 0 };
  const disagreements: string[] = [];
  const next = questions.entries();
  const worker = async (): Promise<void> => {
    for (const [marker, question] of next) {
      const said = (): AccessDecision => matrix.decide(questionOf(question, routes, new Date()));
      const before = said();
      const { allowed, answer } = await ask(running, program, question, marker);
      found[allowed ? 'allowed' : 'denied']++;
      found.calls += allowed && question.action === 'call' ? 1 : 0;
      // A span of the day may begin between the two.
      if (allowed !== before.allowed && allowed !== said().allowed) {
        disagreements.push(describeDisagreement(question, before, answer));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { ...found, disagreements };
}

/** What came of a request. */
interface Outcome {
  /** Whether the tool really ran, or was listed. */
  readonly allowed: boolean;
  readonly answer: HttpAnswer;
}

async function ask(
  running: RunningApp,
  program: DecisionProgram,
  question: QuestionProgram,
  marker: number,
): Promise<Outcome> {
  const { caller, route, from, headers, action, tool } = question;
  const credentials = caller && present(caller, program.gateway, program.routes[route]);
  const client = new McpCaller(`${running.gateway().url}/routes/${NAMESPACE}/r${route}`, {
    from,
    headers: { ...headers, ...credentials },
  });
  try {
    const opened = await client.open();
    // Where no server answers `initialize` to such a caller, calls may still be served: servers without sessions do not need it.
    if (opened.status !== 200 && opened.status !== 404) {
      return { allowed: false, answer: opened };
    }
    const answer =
      action === 'call'
        ? await client.post('tools/call', { name: tool, arguments: { marker } })
        : await client.post('tools/list', {});
    return {
      allowed:
        answer.status === 200 &&
        messagesIn(answer.body).some(({ result }) =>
          action === 'call' ? result?.content !== undefined : result?.tools !== undefined,
        ),
      answer,
    };
  } finally {
    client.close();
  }
}

function describeDisagreement(
  question: QuestionProgram,
  { allowed, reasons }: AccessDecision,
  { status, body }: HttpAnswer,
): string {
  return [
    `request: ${JSON.stringify(question)}`,
    `AccessMatrix: ${allowed ? 'allowed' : 'denied'}${reasons.map(({ level, words, expression }) => `\n  ${level}: ${words}${expression === undefined ? '' : ` [${expression.slice(0, 300)}]`}`).join('')}`,
    `Envoy: ${status} ${body.slice(0, 300)}`,
  ].join('\n');
}
