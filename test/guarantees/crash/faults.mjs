/*
 * Loaded into a service before its own code (`--import`): breaks one function of a library that the service calls, in the manner that
 * the environment variable FAULT names. So what is tested is the build that is shipped.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Client } = require('pg');
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup');

const { FAULT, FAULT_FILE } = process.env;
const query = Client.prototype.query;
const commitOffsets = ConsumerGroup.prototype.commitOffsets;
let frozen = false;

/** As SIGSTOP from outside, but at a known point, and once. */
function freeze() {
  if (!frozen) {
    frozen = true;
    process.kill(process.pid, 'SIGSTOP');
  }
}

const textOf = (statement) => (typeof statement === 'string' ? statement : (statement?.text ?? ''));

const faults = {
  /** The handler meets a TypeError at every insert, for as long as the file is there. */
  handler_type_error() {
    Client.prototype.query = function (statement, ...rest) {
      if (textOf(statement).includes('INSERT INTO') && existsSync(FAULT_FILE)) {
        throw new TypeError('provoked: undefined is not a function');
      }
      return query.call(this, statement, ...rest);
    };
  },
  /** The transport meets a TypeError outside the handler. */
  transport_type_error() {
    ConsumerGroup.prototype.commitOffsets = async function () {
      throw new TypeError('provoked: undefined is not a function');
    };
  },
  /** Freezes with a transaction that has written and not committed. */
  freeze_before_commit() {
    const writing = new WeakSet();
    Client.prototype.query = function (statement, ...rest) {
      const text = textOf(statement);
      if (text.startsWith('BEGIN')) {
        writing.delete(this);
      }
      if (text.includes('INSERT INTO')) {
        writing.add(this);
      }
      if (text === 'COMMIT' && writing.has(this)) {
        freeze();
      }
      return query.call(this, statement, ...rest);
    };
  },
  /** Freezes with everything done but the moving of the offset. */
  freeze_before_offset() {
    ConsumerGroup.prototype.commitOffsets = function (offsets) {
      freeze();
      return commitOffsets.call(this, offsets);
    };
  },
};

faults[FAULT]();
