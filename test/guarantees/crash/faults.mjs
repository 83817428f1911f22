/*
 * Loaded into a service of `dist-failpoints` before its own code (`--import`): breaks one function of a package that
 * the service calls, in the manner that the environment variable FAULT names.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Client, DatabaseError } = require('pg');
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup');
const { KafkaJSGroupCoordinatorNotFound } = require('kafkajs/src/errors');

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

/** Not what a service writes of itself, which is no part of a batch. */
const isInsert = (statement) => /INSERT INTO (?!pipeline\.)/.test(textOf(statement));

/**
 * Calls back when a transaction that has written is about to commit; if that returns true, no answer reaches the
 * service.
 */
function onCommit(callback) {
  const writing = new WeakSet();
  Client.prototype.query = function (statement, ...rest) {
    const text = textOf(statement);
    if (text.startsWith('BEGIN')) {
      writing.delete(this);
    }
    if (isInsert(statement)) {
      writing.add(this);
    }
    if (text === 'COMMIT' && writing.has(this) && callback(this)) {
      query.call(this, statement, ...rest).catch(() => {});
      return new Promise((_, reject) => {
        this.once('end', () => reject(new Error('provoked: the connection broke at COMMIT')));
      });
    }
    return query.call(this, statement, ...rest);
  };
}

const faults = {
  /** The handler meets a TypeError at every insert, for as long as the file is there. */
  handler_type_error() {
    Client.prototype.query = function (statement, ...rest) {
      if (isInsert(statement) && existsSync(FAULT_FILE)) {
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
  /** kafkajs finds no coordinator, once, and takes that for the end. */
  no_coordinator() {
    let isFound = false;
    const { heartbeat } = ConsumerGroup.prototype;
    ConsumerGroup.prototype.heartbeat = async function (options) {
      if (!isFound) {
        isFound = true;
        throw new KafkaJSGroupCoordinatorNotFound('provoked: Failed to find group coordinator');
      }
      return heartbeat.call(this, options);
    };
  },
  /** Freezes when it has read its messages, and what belongs to them, and stores the first row of them. */
  freeze_before_insert() {
    Client.prototype.query = function (statement, ...rest) {
      if (isInsert(statement)) {
        freeze();
      }
      return query.call(this, statement, ...rest);
    };
  },
  /** Freezes with a transaction that has written and not committed. */
  freeze_before_commit() {
    onCommit(() => freeze());
  },
  /** Half of the connections that COMMIT break before PostgreSQL has answered: nobody knows whether it was done. */
  lose_commit_answer() {
    let commits = 0;
    onCommit((client) => {
      commits += 1;
      if (commits % 2 === 1 && commits < 20) {
        setTimeout(() => client.connection.stream.destroy(), commits % 4 === 1 ? 0 : 20);
        return true;
      }
    });
  },
  /** Nobody catches an error of PostgreSQL that quotes a row. */
  uncaught_error() {
    const fields = {
      severity: 'ERROR',
      code: '23514',
      table: 'users',
      detail: 'Failing row contains (kanareika).',
    };
    setInterval(() => {
      // Until then Node alone would end the process.
      if (process.listenerCount('uncaughtException') > 0) {
        throw Object.assign(new DatabaseError('kanareika is refused', 0, 'error'), fields);
      }
    }, 100);
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
