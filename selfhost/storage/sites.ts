import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../worker/usage/database.ts';
import { Keeper, type UpkeepTimes } from '../../worker/usage/keeper.ts';
import { LOCAL_SITE } from '../../worker/usage/settings.ts';
import { Alarm } from './alarm.ts';
import { SiteFile } from './site-file.ts';

const END = '.db';

interface Open {
  readonly keeper: Keeper;
  readonly file: SiteFile;
  readonly alarm: Alarm;
}

/** All sites, one file each. What the Durable Objects are at the edge: one keeper of each site, found by its name. */
export class Sites {
  readonly #folder: string;
  readonly #reports: Database;
  readonly #times: UpkeepTimes;
  readonly #open = new Map<string, Open>();

  constructor(folder: string, reports: Database, times: UpkeepTimes) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#reports = reports;
    this.#times = times;
  }

  /** Opens what is there: days that were not copied before the last stop are copied now, and what is old goes. */
  async start({ local }: { local: boolean }): Promise<void> {
    if (local) await this.getByName(LOCAL_SITE).createLocal();
    for (const name of readdirSync(this.#folder)) {
      if (name.endsWith(END)) this.#get(name.slice(0, -END.length)).alarm.set(Date.now());
    }
  }

  getByName(name: string): Keeper {
    return this.#get(name).keeper;
  }

  close(): void {
    for (const { alarm, file } of this.#open.values()) {
      alarm.delete();
      file.close();
    }
    this.#open.clear();
  }

  #get(name: string): Open {
    const found = this.#open.get(name);
    if (found) return found;
    const path = join(this.#folder, name + END);
    const file = new SiteFile(path);
    const alarm = new Alarm(() => keeper.alarm());
    const storage = {
      sql: file,
      commit: (work: () => void) => {
        file.commit(work);
        // of a site that is not, nothing is kept here either
        if (existsSync(path)) this.#open.set(name, made);
      },
      setAlarm: (at: number) => alarm.set(at),
      deleteAlarm: async () => alarm.delete(),
      deleteAll: async () => {
        file.delete();
        this.#open.delete(name);
      },
    };
    const keeper = new Keeper(storage, this.#reports, this.#times);
    const made: Open = { keeper, file, alarm };
    if (existsSync(path)) this.#open.set(name, made);
    return made;
  }
}
