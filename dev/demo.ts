import { parseArgs } from 'node:util';
import { runDemo } from './demo/run-demo';

const help = `npm run demo -- [--orders N] [--exit]

The whole system on this machine: local servers, the three services, a history of orders and then a live stream. Every demo
starts from nothing.

  --orders N    how many orders the history has; default: 50000
  --exit        end when the history is in. The servers keep running, so that you can look at the tables; without it the demo
                goes on until Ctrl-C, and takes everything down
`;

try {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '50000' },
      exit: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
  } else {
    if (!/^\d+$/.test(values.orders)) {
      throw new Error(`--orders must be a whole number, got ${values.orders}`);
    }
    await runDemo({ orders: Number(values.orders), exit: values.exit });
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
