/** The topics, each under the name of what it carries. The environment of a service may name others. */
export const SOURCE_ORDERS = 'order-service_orders';
export const STAGED_ORDERS = 'stg-service-orders';
export const VAULT_ORDERS = 'dds-service-orders';
export const USER_TAG_EVENTS = 'cdm-service-user-tags';
