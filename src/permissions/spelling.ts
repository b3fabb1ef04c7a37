/** How fields are named where something was written, for messages about them. */
export interface Spelling {
  readonly kubernetes: string;
  readonly host: string;
  readonly cidr: string;
}

/** In options of constructs. */
export const OPTION_SPELLING: Spelling = { kubernetes: 'kubernetes', host: 'allowHost', cidr: 'allowCidr' };

/** In resources of the API. */
export const RESOURCE_SPELLING: Spelling = { kubernetes: 'kubeResources', host: 'allowHost', cidr: 'allowCIDR' };
