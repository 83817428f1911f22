import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/*
 * kafkajs looks about a thousand times a second whether a request waits to be sent, on every connection, also when none
 * waits: its time until the next look is negative where no quota throttles (tulios/kafkajs#1751). An idle service
 * spends most of its processor time on that. Here it looks only while a request waits. Imported for that effect, before
 * the first client is made.
 */
const { prototype } = RequestQueue;
const schedule = prototype.scheduleCheckPendingRequests;

prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0) {
    schedule.call(this);
  }
};
