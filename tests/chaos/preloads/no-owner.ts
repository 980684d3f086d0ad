import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** The control `--broken owner`: the scripts are read without the check that a seat in somebody's hold is not another's. */
const CHECK = 'if owner ~= mine_already then';
const BROKEN = 'if false then';
const read = fs.readFileSync;

function broken(...given: Parameters<typeof read>) {
  const text = read(...given);
  if (typeof text !== 'string' || !String(given[0]).endsWith('/includes/wanted.lua')) return text;
  if (!text.includes(CHECK)) throw new Error('wanted.lua has no owner check any more: mend this control');
  return text.replace(CHECK, BROKEN).replace('held[#held + 1] = wanted[i]', 'fresh[#fresh + 1] = wanted[i]');
}
Object.assign(fs, { readFileSync: broken });
syncBuiltinESMExports();
