import { cacheFolder } from '../../dev/stack/download-cache';

/**
 * Lets Node keep what it compiles of services and tools from one start to the next: the suite starts hundreds. For the
 * same reason they have no source maps, which the image has: Node reads a map whole at each start. Together that is a
 * quarter of what a start takes.
 */
export const quickStart = { NODE_COMPILE_CACHE: cacheFolder('compiled-for-tests') };
