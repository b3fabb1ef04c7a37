import { ClusterAddOn } from './cluster-profile-options';
import { ClusterProfile } from '../model/cluster';
import { errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';

const ADD_ON_MISSING = errorKind(
  'add-on-missing',
  'needs {addOn}, and the profile of the cluster does not say that it is installed',
  'If it is, say so before anything is created: new ClusterProfile({ addOns: [ClusterAddOn.{member}] }).applyTo(app)',
);

/** Refuses what needs something that is not installed in a cluster. */
export function requireAddOn(
  { addOns }: ClusterProfile,
  input: InputCheck,
  addOn: ClusterAddOn,
  property: string,
): void {
  const member = Object.entries(ClusterAddOn).find(([, value]) => value === addOn)![0];
  input.report(ADD_ON_MISSING, property, '(given)', addOns.includes(addOn) ? undefined : { addOn, member });
}
