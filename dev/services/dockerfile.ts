/** One stage of a Dockerfile. Steps change its files; the rest says how the image is run. */
export interface Stage {
  name: string;
  from: string;
  steps: Step[];
  environment: Record<string, string>;
  /** Number of the account, or undefined: root. */
  user?: number;
  healthCheck: string[];
  entrypoint: string[];
  command: string[];
}

export type Step =
  | { kind: 'workdir'; folder: string }
  | { kind: 'copy'; stage?: string; sources: string[]; target: string }
  | { kind: 'run'; script: string };

/** Says nothing about files or about how the image is run here. */
const notes = ['LABEL', 'EXPOSE'];

/**
 * The stages of a Dockerfile that keeps to what is known here: COPY with plain paths, RUN of a shell, all else in the
 * JSON form.
 * @throws naming an instruction that is not known
 */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const [instruction, rest] of instructions(text)) {
    if (instruction === 'FROM') {
      stages.push(begin(rest, stages));
    } else if (!notes.includes(instruction)) {
      add(stages.at(-1)!, instruction, rest);
    }
  }
  return stages;
}

/** Name and arguments of each instruction, on one line. */
function instructions(text: string): [string, string][] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [instruction = ''] = line.split(' ', 1);
      return [instruction, line.slice(instruction.length).trim()];
    });
}

/** A stage inherits from another one of the file how it is run; its files are copied when it is built. */
function begin(rest: string, stages: Stage[]): Stage {
  const [from = '', , name = `stage ${stages.length}`] = rest.split(' ');
  const parent = stages.find((stage) => stage.name === from);
  return {
    environment: {},
    healthCheck: [],
    entrypoint: [],
    command: [],
    ...parent,
    name,
    from,
    steps: [],
  };
}

function add(stage: Stage, instruction: string, rest: string): void {
  switch (instruction) {
    case 'WORKDIR':
      stage.steps.push({ kind: 'workdir', folder: rest });
      return;
    case 'COPY':
      stage.steps.push(copy(rest.split(' ')));
      return;
    case 'RUN':
      stage.steps.push({ kind: 'run', script: rest });
      return;
    case 'ENV':
      stage.environment = { ...stage.environment, ...variables(rest) };
      return;
    case 'USER':
      stage.user = Number.parseInt(rest, 10);
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = words(rest.replace(/^.*?\bCMD /, ''));
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = words(rest);
      return;
    case 'CMD':
      stage.command = words(rest);
      return;
    default:
      throw new Error(`The instruction "${instruction}" of the Dockerfile is not known here.`);
  }
}

function copy(parts: string[]): Step {
  const stage = parts[0]!.startsWith('--from=') ? parts.shift()!.slice('--from='.length) : undefined;
  return { kind: 'copy', stage, sources: parts.slice(0, -1), target: parts.at(-1)! };
}

/** `NAME=value`, or `NAME="value with spaces"`, several on a line. */
function variables(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g);
  return Object.fromEntries(Array.from(pairs, ([, name, quoted, plain]) => [name, quoted ?? plain]));
}

/** The JSON form, which needs no shell; the other form is refused by the parser. */
function words(json: string): string[] {
  return JSON.parse(json) as string[];
}
