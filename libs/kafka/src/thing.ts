export const thing = 42;
