import { readFileSync } from 'fs';
import { join } from 'path';
import { OF_PROMETHEUS, QUESTIONS } from './questions';
import { GatewayAlert } from '../../src';
import { podsOf } from '../../src/backends/interface/monitoring';
import { readPromql } from '../support/promql';

/* What is asked of the metrics of a gateway, read by Prometheus' own grammar. That the planes have these metrics: test/conformance. */

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8');

it('is told from what is no question', () => {
  expect(readPromql('sum(rate(a{b="c"}[5m])').errors).not.toEqual([]);
  expect(readPromql('sum(rate(a{b="c"}[5m])) / up')).toEqual({ errors: [], metrics: ['a', 'up'], ranges: ['5m'] });
});

describe.each(QUESTIONS)('%s', (_, alerts, panels) => {
  const expressions = [
    ...alerts.map(({ expression }) => expression),
    ...panels.flatMap(({ queries }) => queries.map(({ expression }) => expression)),
  ];

  it.each(expressions)('%s', expression => {
    const { errors, metrics } = readPromql(expression);
    expect(errors).toEqual([]);
    expect(metrics).not.toEqual([]);
    // Every series is of the pods of the gateway: there is a selector for each metric, and each has the matchers.
    const selectors = expression.match(/[a-z_]+\{[^}]*\}/g) ?? [];
    expect(new Set(selectors.map(selector => selector.split('{')[0]))).toEqual(new Set(metrics));
    expect(selectors.filter(selector => !selector.includes('{namespace="mcp-system",pod=~"gateway-'))).toEqual([]);
    expect(metrics.filter(metric => !OF_PROMETHEUS.includes(metric) && !PAGE.includes(`\`${metric}\``))).toEqual([]);
  });

  it('has alerts that can be left out, each once', () => {
    const names = alerts.map(({ name }) => name);
    expect(names.filter(name => !Object.values<string>(GatewayAlert).includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter(name => !PAGE.includes(`\`${name}\``))).toEqual([]);
  });

  it('has labels in its texts that the questions yield', () => {
    for (const { expression, description } of alerts) {
      for (const [, label] of description.matchAll(/\$labels\.(\w+)/g)) {
        expect(/ by \(/.test(expression) ? expression : `${expression} by (pod)`).toMatch(
          new RegExp(` by \\([^)]*\\b${label}\\b`),
        );
      }
    }
  });
});

it('has every alert that can be left out on some plane', () => {
  const names = QUESTIONS.flatMap(([, alerts]) => alerts.map(({ name }) => name));
  expect(Object.values<string>(GatewayAlert).filter(name => !names.includes(name))).toEqual([]);
});

describe('pods of a Deployment', () => {
  const isOf = (deployment: string, pod: string): boolean =>
    new RegExp(`^(?:${/pod=~"(.*)"/.exec(podsOf('mcp-system', deployment))![1]})$`).test(pod);
  const long = 'a'.repeat(63);

  it.each([
    ['gateway', 'gateway-7d9f8c6b5-x2x4z', true],
    ['gateway', 'gateway-eu-7d9f8c6b5-x2x4z', false],
    ['gateway', 'gateway-rate-limit-7d9f8c6b5-x2x4z', false],
    ['gateway', 'gateway-0', false],
    ['gateway', 'my-gateway-7d9f8c6b5-x2x4z', false],
    // Kubernetes cuts names after 58 characters, and adds five.
    [long, `${'a'.repeat(58)}x2x4z`, true],
    ['b'.repeat(50), `${'b'.repeat(50)}-7d9f8c6x2x4z`, true],
    ['b'.repeat(50), `${'b'.repeat(49)}-7d9f8c6b5-x2x4z`, false],
  ])('%s: %s is %s', (deployment, pod, expected) => expect(isOf(deployment, pod)).toBe(expected));
});
