import { StatsConfig } from './config/api';
import { matching } from './dialect/matchers';

/*
 * The statistics of a gateway. Envoy has several hundred for each of its clusters, of which there is one a route: what is scraped of
 * 1,000 routes would be 23 MB, and most of the memory of 5,000. These are what docs/envoy.md says what for.
 */

/** Of the process, of what callers see, and of the files of the configuration: as many however many routes there are. */
const WHOLE = ['server.', 'http.mcp.', 'listener.', 'listener_manager.', 'cluster_manager.', 'overload.'];

/** Of each server of a route. Envoy itself reads how many members there are, to say whether the pod is ready. */
const OF_CLUSTERS = [
  'upstream_rq_[1-5]xx',
  'upstream_rq_active',
  'upstream_rq_timeout',
  'upstream_rq_retry',
  'upstream_rq_pending_overflow',
  'upstream_cx_active',
  'upstream_cx_connect_fail',
  'membership_healthy',
  'membership_degraded',
  'membership_total',
  'outlier_detection\\.ejections_active',
  'ratelimit\\.over_limit',
  'ratelimit\\.error',
];

/**
 * What is a label of a metric and no part of its name. Envoy's own form ends the name of a cluster at its first dot, and names of ours have
 * some: each route would have metrics of its own names.
 */
const TAGS: StatsConfig['stats_tags'] = [
  {
    tag_name: 'envoy.cluster_name',
    regex:
      '^cluster\\.((.+?)\\.)(?:(?:external|internal)\\.)?(?:upstream_|membership_|outlier_detection\\.|ratelimit\\.)',
  },
  // By forms of Envoy's own.
  ...[
    'envoy.http_conn_manager_prefix',
    'envoy.listener_address',
    'envoy.rds_route_config',
    'envoy.response_code_class',
    'envoy.worker_id',
  ].map(tag_name => ({ tag_name })),
];

/** Which statistics there are; the others are never counted. */
export const STATISTICS: StatsConfig = {
  use_all_default_tags: false,
  stats_tags: TAGS,
  stats_matcher: {
    inclusion_list: {
      patterns: [
        ...WHOLE.map(prefix => ({ prefix })),
        matching(`cluster\\..+\\.(?:${OF_CLUSTERS.join('|')})`),
        // Of files that hold certificates.
        matching('.+\\.update_rejected'),
      ],
    },
  },
};
