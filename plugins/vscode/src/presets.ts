// What presets of gateways there are: the daemon's own table, put beside the bundle when it is built. Pure.

export interface Preset {
  name: string;
  /** A server on this machine: it needs no key. */
  local: boolean;
  /** It has no address of its own. */
  needsAddress: boolean;
}

/** The presets of `table` (server/config/data/presets.json), in its order. Throws where it is no such table. */
export function presetsIn(table: unknown): Preset[] {
  if (typeof table !== 'object' || table === null) throw new Error('the table of presets cannot be read');
  return Object.entries(table as Record<string, { local?: boolean; baseUrl?: string }>).map(
    ([name, entry]) => ({
      name,
      local: entry.local === true,
      needsAddress: entry.baseUrl === undefined,
    }),
  );
}
