/** The topics, each under the name of what it carries. A service may be told other names by its environment. */
export const SOURCE_ORDERS = 'order-service_orders';
export const STAGED_ORDERS = 'stg-service-orders';
export const VAULT_ORDERS = 'dds-service-orders';
export const USER_TAG_EVENTS = 'cdm-service-user-tags';
