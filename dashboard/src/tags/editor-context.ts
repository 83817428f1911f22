import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Editor } from './editor';

export const EditorContext = createContext<Editor | undefined>(undefined);

export function useEditor(): Editor {
  return useContext(EditorContext)!;
}
