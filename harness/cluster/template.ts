/** Fills `${NAME}` in a template; a name without a value, and a value without a place, are mistakes of this project. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const filled = template.replace(/\$\{([A-Z_]+)\}/g, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template asks for ${name}, which has no value`);
    used.add(name);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the template has no place for ${unused.join(', ')}`);
  return filled;
}
