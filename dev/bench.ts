import { help, readBenchOptions } from './bench/bench-options';
import { runBench } from './bench/run-bench';

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options) {
    await runBench(options);
  } else {
    console.log(help);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
