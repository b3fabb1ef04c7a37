/* What a synthesis needs and a definition does not: loaded together, by `compiler()`. */
export { restrictedFindings } from '../backends/kubernetes/pod-security';
export {
  checkConfigSize,
  configMapName,
  configVolume,
  inConfigMaps,
  moreConfigMaps,
} from '../backends/kubernetes/config-maps';
export { authorityCertificates } from '../backends/kubernetes/add-ons';
export { checkRateLimitNames, rateLimitObjects } from '../backends/kubernetes/rate-limit';
export { podSecrets } from '../backends/kubernetes/pod-template';
export { rbacObjects } from '../backends/kubernetes/rbac';
export { istioPodMetadata } from '../backends/kubernetes/istio';
export { network, networkObjects } from '../backends/kubernetes/network';
export { checkPlan, dataPlane, enforcementAt, renderGuard, renderStdioGuard } from '../backends/planes';
export { compile } from '../passes/compile';
export { keepsAddresses } from '../passes/gateways/source-addresses';
export { needsServices } from '../passes/network/services';
export { permissionReport } from '../passes/permissions/report';
export { describeCedar } from '../passes/policy/cedar-policies';
export { describeMethod, describeRate, describeRule } from '../passes/policy/words';
