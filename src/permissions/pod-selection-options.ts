/** Pods by namespace and labels. Both must fit. */
export interface PodSelectionOptions {
  /**
   * Namespaces by name.
   *
   * @default - the namespace of the workload that the permission is given to
   */
  readonly namespaces?: string[];

  /**
   * Namespaces by label, of which they must have all. Every namespace has the label `kubernetes.io/metadata.name`.
   *
   * @default - `namespaces` decides
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Pods of every namespace.
   *
   * @default false
   */
  readonly allNamespaces?: boolean;

  /**
   * Labels of the pods, of which they must have all.
   *
   * @default - all pods of the namespaces
   */
  readonly labels?: { [key: string]: string };
}
