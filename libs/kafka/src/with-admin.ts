import type { Admin } from 'kafkajs';

/** A client of kafkajs. Nest has its types again, without these two. */
export interface Cluster {
  admin(): Omit<Admin, 'alterPartitionReassignments' | 'listPartitionReassignments'>;
}

/** Asks the cluster something over connections that are made for it and end with it. */
export async function withAdmin<T>(
  cluster: Cluster,
  work: (admin: ReturnType<Cluster['admin']>) => Promise<T>,
): Promise<T> {
  const admin = cluster.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
