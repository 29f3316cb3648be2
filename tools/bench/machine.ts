// What the figures were taken on, as far as it may be told: processor, system, Node; never a name of the machine.

import { existsSync, readFileSync } from 'node:fs';
import { cpus, type } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
}

function system(): string {
  const release = '/etc/os-release';
  const name = existsSync(release)
    ? /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync(release, 'utf8'))?.[1]
    : undefined;
  return `${name ?? type()}, ${process.arch}`;
}

export function machine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown processor',
    cores: all.length,
    system: system(),
    node: process.version.slice(1),
  };
}
