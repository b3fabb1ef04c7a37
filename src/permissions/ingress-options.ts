/** Options of {@link IngressSource.cidr}. */
export interface IngressCidrOptions {
  /**
   * Parts of the range that stay outside.
   *
   * @default - none
   */
  readonly except?: string[];
}
