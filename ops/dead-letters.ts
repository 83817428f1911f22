import { deadLetterText } from './dead-letters/dead-letter-text';
import { help, readCommand } from './dead-letters/dead-letter-options';
import { oneDeadLetter } from './dead-letters/each-dead-letter';
import { listDeadLetters, listText } from './dead-letters/list-dead-letters';
import { replayDeadLetters, replayText } from './dead-letters/replay-dead-letters';
import { connectKafka } from './servers/connect-kafka';
import { withWarehouse } from './servers/with-warehouse';

/** npm run dead-letters: lists, shows and replays what the services refused. */
try {
  const command = readCommand(process.argv.slice(2));
  if (command.name === 'help') {
    console.log(help);
  } else if (command.name === 'list') {
    const list = await listDeadLetters(await connectKafka(process.env), command.filter, command.limit);
    console.log(command.json ? JSON.stringify(list, null, 2) : listText(list));
  } else if (command.name === 'show') {
    console.log(deadLetterText(await oneDeadLetter(await connectKafka(process.env), command.place)));
  } else {
    const { what, again, execute } = command;
    const kafka = await connectKafka(process.env);
    const replay = await withWarehouse(process.env, (warehouse) =>
      replayDeadLetters(kafka, warehouse, what, { again, execute }),
    );
    console.log(replayText(replay, execute));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
