import * as fc from 'fast-check';
import { buildDecisionApp, NAMESPACE, questionOf } from './end-to-end/decision-app';
import { DecisionProgram, decisionProgramArbitrary, QuestionProgram } from './end-to-end/decision-program';
import { describeWithEnvoy } from './end-to-end/describe';
import { HttpAnswer } from './end-to-end/http-exchange';
import { secretsIn } from './end-to-end/identities';
import { McpCaller, messagesIn } from './end-to-end/mcp-caller';
import { present } from './end-to-end/presentation';
import { RunningApp } from './end-to-end/running-app';
import { AccessDecision, AccessMatrix } from '../../src';
import { objectsOf } from '../support/synth';

/*
 * Random topologies with random policies on a real Envoy: what really happens to each call is what AccessMatrix says. How many:
 * CONFORMANCE_DECISIONS. A failure is repeated with the CONFORMANCE_SEED that it prints.
 */

const COUNT = Number(process.env.CONFORMANCE_DECISIONS ?? 300);
/** The same every time, so that a change that fails is the change's own. */
const SEED = Number(process.env.CONFORMANCE_SEED ?? 20_261_122);

/** What came of a request. */
interface Outcome {
  /** Whether the tool really ran, or was listed. */
  readonly allowed: boolean;
  readonly answer: HttpAnswer;
}

/** What at least each answer's share is, in percent: decisions that are all alike would say little. */
const LEAST_SHARE = 15;

describeWithEnvoy(`decisions of a real Envoy, seed ${SEED}`, envoy => {
  const programs = fc.sample(decisionProgramArbitrary, { numRuns: COUNT, seed: SEED });
  const decided = { allowed: 0, denied: 0 };

  test.each(programs.map((program, i): [number, DecisionProgram] => [i, program]))(
    'topology %i decides as AccessMatrix says',
    async (i, program) => {
      const { app, routes } = buildDecisionApp(program);
      const matrix = AccessMatrix.of(app);
      const running = await envoy().start(objectsOf(app), { secrets: secretsIn(NAMESPACE) });
      try {
        const disagreements: string[] = [];
        let calls = 0;
        for (const [marker, question] of program.questions.entries()) {
          const decide = (): AccessDecision => matrix.decide(questionOf(question, routes, new Date()));
          const before = decide();
          const { allowed, answer } = await ask(running, program, question, marker);
          decided[allowed ? 'allowed' : 'denied']++;
          calls += allowed && question.action === 'call' ? 1 : 0;
          // A span of the day may begin between the two.
          if (allowed !== before.allowed && allowed !== decide().allowed) {
            disagreements.push(describeDisagreement(question, before, answer));
          }
        }
        expect(
          disagreements.map(
            text => `seed ${SEED}, topology ${i}: ${JSON.stringify({ ...program, questions: undefined })}\n${text}`,
          ),
        ).toEqual([]);
        // What was refused was executed by nobody either.
        expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(calls);
      } finally {
        await running.stop();
      }
    },
  );

  test('allows some and denies some', () => {
    const share = (100 * decided.allowed) / (decided.allowed + decided.denied);
    expect(share).toBeGreaterThan(LEAST_SHARE);
    expect(share).toBeLessThan(100 - LEAST_SHARE);
  });
});

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
