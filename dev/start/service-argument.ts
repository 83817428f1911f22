const services = ['stg', 'dds', 'cdm'];

/** The service that the command line names. Whatever else it says is an error. */
export function serviceArgument(): string {
  const [service, ...rest] = process.argv.slice(2);
  if (service && services.includes(service) && rest.length === 0) {
    return service;
  }
  throw new Error(
    `Name one service, ${services.join(', ')}: "${process.argv.slice(2).join(' ')}" isn't one.`,
  );
}
