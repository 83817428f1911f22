import { Command } from 'commander';
import { runCommand } from '../ops/command/run-command';
import { addBenchOptions } from './bench/bench-options';
import { runBench } from './bench/run-bench';

await runCommand(addBenchOptions(new Command('npm run bench --')).action(runBench));
