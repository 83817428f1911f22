/** Strimzi and Terraform write the operation DESCRIBE_CONFIGS of Kafka as DescribeConfigs. */
export function pascalCase(operation: string): string {
  return operation
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
