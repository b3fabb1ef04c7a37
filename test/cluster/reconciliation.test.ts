import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Reconciliation } from '../../src';
import { messageOf } from '../support/synth';

it('renders by default', () => {
  expect(Reconciliation.of(new Chart(new App(), 'a'))).toBe(Reconciliation.RENDERED);
});

it('is chosen by the nearest scope', () => {
  const app = new App();
  Reconciliation.CONTROLLER.applyTo(app);
  const rendered = new Chart(app, 'a');
  Reconciliation.RENDERED.applyTo(rendered);
  expect(
    [app, new Chart(app, 'b'), rendered, new Construct(rendered, 'c')].map(scope => Reconciliation.of(scope).name),
  ).toEqual(['controller', 'controller', 'rendered', 'rendered']);
});

it('is chosen before anything is created in its scope', () => {
  const app = new App();
  new Chart(app, 'a');
  expect(messageOf(() => Reconciliation.CONTROLLER.applyTo(app))).toContain(
    'reconciliation: got "controller": is chosen after 1 constructs were created in this scope. Call applyTo before',
  );
});
