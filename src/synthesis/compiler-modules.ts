/* What a synthesis needs and a definition does not: loaded together, by `compiler()`. */
export { checkRateLimitNames, rateLimitObjects } from '../backends/kubernetes/rate-limit';
export { dataPlane } from '../backends/planes';
export { compile } from '../passes/compile';
export { describeMethod, describeRate, describeRule } from '../passes/policy/words';
