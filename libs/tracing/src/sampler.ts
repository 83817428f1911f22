import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './tracing';

/** Whether a trace that begins here is sampled, by its id. */
export function rootSampler(settings: TracingSettings): Sampler {
  const name = settings.OTEL_TRACES_SAMPLER;
  if (name.endsWith('traceidratio')) {
    return new TraceIdRatioBasedSampler(Number(settings.OTEL_TRACES_SAMPLER_ARG));
  }
  return name.endsWith('always_on') ? new AlwaysOnSampler() : new AlwaysOffSampler();
}

/** A trace that begins here is sampled where its id is below this, as {@link rootSampler} decides: from 0 to 2^32. */
export function boundOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG }: TracingSettings): number {
  const share = name.endsWith('traceidratio')
    ? Number(OTEL_TRACES_SAMPLER_ARG)
    : Number(name.endsWith('always_on'));
  return share === 1 ? 2 ** 32 : Math.floor(share * 0xffffffff);
}

/** A trace that comes from outside is sampled as its flag says, but only if the name of the sampler says so. */
export function spanSampler({ OTEL_TRACES_SAMPLER }: TracingSettings, root: Sampler): Sampler {
  return OTEL_TRACES_SAMPLER.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
