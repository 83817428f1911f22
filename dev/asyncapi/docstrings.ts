import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * What the sources of libs/contracts say above their declarations, by name: `StagedUser`, `StagedUser.login`.
 * @param name of the file, e.g. `staged-order.contract.ts`
 */
export function docstringsOf(name: string): Map<string, string> {
  const file = fileURLToPath(new URL(`../../libs/contracts/src/${name}`, import.meta.url));
  const text = readFileSync(file, 'utf8');
  const docstrings = new Map<string, string>();
  const read = (key: string, node: ts.Node) => {
    const range = ts.getLeadingCommentRanges(text, node.pos)?.at(-1);
    const comment = range && text.slice(range.pos, range.end);
    if (comment?.startsWith('/**')) {
      docstrings.set(
        key,
        comment
          .slice(3, -2)
          .replaceAll(/\s+(\*\s+)?/g, ' ')
          .trim(),
      );
    }
  };
  for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements) {
    if ((ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) && statement.name) {
      const owner = statement.name.text;
      read(owner, statement);
      for (const member of statement.members) {
        if (member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) {
          read(`${owner}.${member.name.text}`, member);
        }
      }
    }
  }
  return docstrings;
}
